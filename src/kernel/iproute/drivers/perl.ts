import { HostError } from '../../../model/errors.ts';

/** setns(2), whose number is each architecture's own (fsopen, fsconfig and fsmount have one for all), by Node's names of architectures. */
const SETNS: Readonly<Record<string, number>> = {
  x64: 308,
  arm64: 268,
  riscv64: 268,
  loong64: 268,
  arm: 375,
  ia32: 346,
  s390x: 339,
  ppc64: 350,
};

/**
 * Goes through the visits on standard input, each a line `NAMESPACE SETTINGS REQUESTS LINES` with so many lines of each sort behind it. It enters
 * the namespace itself, reads a setting `path` and writes `path=value` by one write(2) each, sends the requests to the kernel (rtnetlink(7)), and
 * gives the lines to a child that becomes the program of its arguments (none where there are no lines). A request is `AT HEX`; at AT, if not 0, it
 * gets the ifindex of the link that was found last by RTM_GETLINK. Standard output and standard error are the child's own but for what frames
 * them: `=N VALUE` for the Nth setting read, `sysctl N` for the one that could not be written, `<HEX` for what answers a dump or refuses a
 * request, `request N` for the one that was refused, and `!NAMESPACE CODE` at the end of a visit; `@NAMESPACE` before what is complained about.
 * A visit that is cut short, as whoever wrote it was killed, does not take place. Only functions of the language, as perl-base has no more: so what is a number here is AF_NETLINK, SOCK_RAW, SOL_NETLINK, NETLINK_EXT_ACK,
 * the two bits that make a request one to get, and NLM_F_DUMP.
 *
 * Settings are opened through an instance of proc of the driver's own, mounted nowhere and renewed now and then, each directory like net/ipv4
 * once a visit: in one instance every namespace has an entry of that name in the same hash chain of the kernel (fs/proc/proc_sysctl.c,
 * proc_sys_compare), so that a walk past it costs 0.1 ms among 1,000 namespaces, and all of them together a time that grows by the square.
 * The kernel sets aside and clears as much memory as a read asks for, so most get a page; what fills it is opened again, as many settings answer one read
 * only. Where there can be no such instance (a user namespace that is not the process namespace's), it is /proc.
 *
 * Whoever is root in a namespace can send to a socket there. Once it is connected to the kernel, port 0, only that can (net/netlink/af_netlink.c,
 * netlink_getsockbyportid); what came before is passed over by its sender.
 */
const DRIVER = String.raw`
my ($setns, @program) = @ARGV;
$SIG{PIPE} = 'IGNORE';
open(my $home, '<', '/proc/self/ns/net') or die "netns: $!\n";
my ($proc, $visits, $part) = ('/proc', 0, '');
sub renew_proc {
  chdir '/';
  my $type = 'proc';
  my $context = syscall(430, $type, 1);
  return if $context < 0;
  open(my $held, '<&=', $context);
  my $mount = syscall(431, $context, 6, 0, 0, 0) == 0 ? syscall(432, $context, 1, 0) : -1;
  return if $mount < 0;
  open(my $root, '<&=', $mount);
  $proc = $root;
}
sub complain { syswrite(STDERR, "$_[0]\n"); return $_[1] }
sub exchange {
  my ($socket, $request) = @_;
  defined send($socket, $request, 0) or return;
  my $answers = '';
  for (;;) {
    defined(my $sender = recv($socket, $part, 262144, 0)) or return;
    unpack('x4 L', $sender) == 0 or next;
    $answers .= $part;
    for (my $at = 0; $at + 20 <= length $part;) {
      my ($length, $type, $error) = unpack "\@$at L S x10 l", $part;
      return ($answers, $type == 2 ? -$error : 0) if $type == 2 or $type == 3;
      return if $length < 16;
      $at += ($length + 3) & ~3;
    }
  }
}
sub visit {
  my ($name, $settings, $requests, $text) = @_;
  my $namespace;
  $name eq 'host' or open($namespace, '<', "/run/netns/$name") or return complain("enter: $!", 1);
  syscall($setns, fileno($namespace // $home), 0x40000000) == 0 or return complain("enter: $!", 1);
  my ($read, $number, %directories) = ('', 0);
  renew_proc() if @$settings and $visits++ % 64 == 0;
  for (@$settings) {
    $number++;
    my ($setting, $value) = split /=/, $_, 2;
    my ($directory, $path) = $setting =~ m{^(\w+/\w+)/(.+)$} ? ("sys/$1", $2) : ('sys', $setting);
    if (!$directories{$directory}) {
      chdir $proc and opendir($directories{$directory}, $directory) or delete $directories{$directory};
    }
    my $there = $directories{$directory} && chdir $directories{$directory};
    if (defined $value) {
      my $file;
      if (!$there or !sysopen($file, $path, 1) or !defined syswrite($file, $value)) {
        complain("/proc/sys/$setting: $!");
        syswrite(STDOUT, "sysctl $number\n");
        return 3;
      }
    } elsif ($there and sysopen(my $file, $path, 0)) {
      defined sysread($file, my $found, 4096) or next;
      if (length $found == 4096) {
        sysopen($file, $path, 0) and defined sysread($file, $found, 65536) or next;
      }
      $found =~ tr/\n/ /;
      $read .= "=$number $found\n";
    }
  }
  if (@$requests) {
    my $socket;
    socket($socket, 16, 3, 0) && connect($socket, pack 'S S L L', 16) or return complain("netlink: $!", 1);
    setsockopt($socket, 270, 11, pack 'i', 1);
    my $found;
    $number = 0;
    for (@$requests) {
      $number++;
      my ($at, $request) = split ' ';
      $request = pack 'H*', $request;
      substr($request, $at, 4) = $found if $at;
      length $request >= 16 and unpack('L', $request) == length $request or return complain("netlink: request $number is none", 1);
      my ($answers, $error) = exchange($socket, $request);
      if (!defined $answers or $error) {
        $! = $error if $error;
        complain("netlink: $!");
        $read .= '<' . unpack('H*', $answers) . "\n" if defined $answers;
        syswrite(STDOUT, $read . "request $number\n");
        return 4;
      }
      my ($type, $flags) = unpack 'x4 S S', $request;
      next if ($type & 3) != 2;
      if ($flags & 0x300) { $read .= '<' . unpack('H*', $answers) . "\n" } else { $found = substr $answers, 20, 4 }
    }
  }
  syswrite(STDOUT, $read) if $read ne '';
  return 0 if $text eq '';
  pipe(my $out, my $in) or return complain("pipe: $!", 1);
  defined(my $child = fork) or return complain("fork: $!", 1);
  if ($child == 0) {
    $SIG{PIPE} = 'DEFAULT';
    open(STDIN, '<&', $out) and exec { $program[0] } @program;
    exit complain("$program[0]: $!", 127);
  }
  close $out;
  syswrite($in, $text);
  close $in;
  waitpid($child, 0);
  return $? & 127 ? 128 + ($? & 127) : $? >> 8;
}
while (defined(my $head = <STDIN>)) {
  my ($name, $settings, $requests, $lines) = split ' ', $head;
  my @lines = map { scalar <STDIN> } 1 .. $settings + $requests + $lines;
  last if grep { !defined or substr($_, -1) ne "\n" } $head, @lines;
  my @settings = splice @lines, 0, $settings;
  my @requests = splice @lines, 0, $requests;
  chomp @settings;
  syswrite(STDERR, "\@$name\n");
  my $code = visit($name, \@settings, \@requests, join('', @lines));
  syswrite(STDOUT, "!$name $code\n");
}
`;

/** The command line of a driver whose visits run this program. Throws HostError on a machine whose system calls are not known. */
export function driverArgv(program: readonly string[], arch: string = process.arch): readonly string[] {
  const setns = SETNS[arch];
  if (setns === undefined) {
    throw new HostError(
      'E_ARCH',
      `netloom does not know how to enter a namespace on ${arch}`,
      `it does on ${Object.keys(SETNS).join(', ')}`,
    );
  }
  return ['perl', '-e', DRIVER, String(setns), ...program];
}
