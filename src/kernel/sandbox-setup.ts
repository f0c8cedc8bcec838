import { PROGRAM_PATH } from './program.ts';

/**
 * What runs first inside the new namespaces, in POSIX sh; `"$@"` is the command. Constant, so that nothing is ever quoted into it.
 * It ends with 125 and one line on standard error when the sandbox cannot be completed.
 *
 * - It finds its own programs in the fixed path; the command gets the caller's PATH, with the two directories of ip and mount added.
 * - /sys serves as scratch space until its own turn comes: the one directory that is surely there and about to be replaced anyway.
 * - `-n` keeps libmount from noting our mounts in the host's /run/mount/utab.
 * - A fresh /run also hides the sockets of the host's daemons (Docker, D-Bus, systemd): what they say is about another host. Kept are only
 *   the resolvers' directory, programs (NixOS has its whole PATH in /run) and the working directory.
 * - /run/netloom-sandbox says that this is a sandbox, and takes the audit trail: /var is the host's.
 * - /etc/netns is a directory of our own. Where the host has none, an overlay over /etc gives a place for it without making it on the host.
 *   An overlay is refused over a directory with mounts that belong to a more privileged namespace (Docker's /etc/resolv.conf, seen by an
 *   ordinary user); then /etc is put together anew from bind mounts of its entries.
 * - A new sysfs shows this network namespace's devices; what is mounted below the old one (cgroups) is carried over.
 */
export const SANDBOX_SETUP = `
fail() { echo "netloom sandbox: $1" >&2; exit 125; }
theirs=\${PATH:-/usr/local/bin:/usr/bin:/bin}
for dir in /usr/sbin /sbin; do
  case ":$theirs:" in *":$dir:"*) ;; *) theirs=$theirs:$dir ;; esac
done
export PATH=${PROGRAM_PATH}

# The mount points below directory $1, one a line, outermost only.
mounts_below() {
  done=
  while read -r _ _ _ _ point _; do
    case $point in "$1"/*) ;; *) continue ;; esac
    case $done in '') ;; *) case $point/ in "$done"/*) continue ;; esac ;; esac
    done=$point
    printf '%b\\n' "$point"
  done </proc/self/mountinfo | LC_ALL=C sort -u
}

# Shows at $2 what is at $1: a link, a directory with all that is mounted in it, or a file.
mirror() {
  if [ -L "$1" ]; then ln -s "$(readlink "$1")" "$2"
  elif [ -d "$1" ]; then mkdir -p "$2" && mount -n --rbind "$1" "$2"
  elif [ -e "$1" ]; then : >"$2" && mount -n --rbind "$1" "$2"
  fi
}

# Carries the mounts named in $3 from the copy $1 of directory $2 back to where they were.
carry() {
  printf '%s\\n' "$3" | while read -r point; do
    [ -z "$point" ] || mount -n --rbind "$1\${point#"$2"}" "$point" || exit 1
  done
}

mount -n --make-rprivate / || fail 'cannot make the mounts private'
mount -n -t tmpfs -o mode=755 tmpfs /sys || fail 'cannot mount a tmpfs'
mkdir /sys/run /sys/etc /sys/new /sys/upper /sys/work

mount -n -t tmpfs -o mode=755 tmpfs /sys/run || fail 'cannot mount a tmpfs for /run'
mkdir -m 755 /sys/run/netns /sys/run/netloom /sys/run/netloom-sandbox
resolver=$(readlink -f /etc/resolv.conf 2>/dev/null) || resolver=
for dir in "\${resolver%/*}" "$PWD"; do
  case $dir in /run/*) mkdir -p "/sys$dir" && mount -n --rbind "$dir" "/sys$dir" ;; esac
done
printf '%s\\n' "$theirs" | tr : '\\n' | while read -r dir; do
  case $dir in /run/*) top=\${dir#/run/}; top=\${top%%/*}; [ -e "/sys/run/$top" ] || mirror "/run/$top" "/sys/run/$top" ;; esac
done
mount -n --move /sys/run /run || fail 'cannot replace /run'
cd "$PWD" 2>/dev/null || :

if [ ! -d /etc/netns ]; then
  below=$(mounts_below /etc)
  mount -n --rbind /etc /sys/etc || fail 'cannot copy the view of /etc'
  if mount -n -t overlay -o lowerdir=/etc,upperdir=/sys/upper,workdir=/sys/work,userxattr overlay /etc 2>/dev/null; then
    carry /sys/etc /etc "$below" || fail 'cannot carry over what is mounted in /etc'
  else
    mount -n -t tmpfs -o mode=755 tmpfs /sys/new || fail 'cannot mount a tmpfs for /etc'
    for entry in /sys/etc/* /sys/etc/.[!.]*; do
      mirror "$entry" "/sys/new/\${entry##*/}" || fail "cannot show /etc/\${entry##*/}"
    done
    mount -n --move /sys/new /etc || fail 'cannot replace /etc'
  fi
  mkdir /etc/netns || fail 'cannot make /etc/netns'
fi
mount -n -t tmpfs -o mode=755 tmpfs /etc/netns || fail 'cannot mount a tmpfs for /etc/netns'

umount -n -l /sys || fail 'cannot give /sys back'
below=$(mounts_below /sys)
mkdir /run/netloom/sys && mount -n --rbind /sys /run/netloom/sys
if mount -n -t sysfs sysfs /sys 2>/dev/null; then carry /run/netloom/sys /sys "$below" || fail 'cannot carry over what is mounted in /sys'; fi
umount -n -l /run/netloom/sys && rmdir /run/netloom/sys

command -v ip >/dev/null || fail 'ip is not there: install iproute2'
ip link set lo up || fail 'cannot bring lo up'
# Every group may ping; a user namespace has only group 0.
{ echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range || echo '0 0' >/proc/sys/net/ipv4/ping_group_range; } 2>/dev/null || :
PATH=$theirs
unset dir done point top entry below resolver theirs
case $1 in */*) ;; *) command -v "$1" >/dev/null || { echo "netloom sandbox: $1: not found" >&2; exit 127; } ;; esac
exec "$@"
`;
