import { load } from '../../support/lab.ts';

/** The lab as a topology. */
export const topology = load(`
version: 1
name: pub
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
  quiet: { ipv4: 172.31.2.0/24, ipv6: "fd31:2::/64" }
  inner: { ipv4: 172.31.3.0/24 }
  plain: { ipv4: 172.31.4.0/24, ipv6: "fd31:4::/64" }
  db: { ipv4: 172.31.6.0/24, ipv6: "fd31:6::/64" }
  open: { ipv4: 172.31.5.0/24 }
bridges:
  br-a: { subnet: a }
  br-quiet: { subnet: quiet, icc: false }
  br-inner: { subnet: inner, internal: true }
  br-plain: { subnet: plain, nat: false }
  br-db: { subnet: db, allow: [{ from: web, to: db, tcp: [5432] }, { from: outside, udp: [7] }] }
  br-open: { subnet: open, inbound: open }
namespaces:
  web:
    publish:
      - "8080:80"
      - "8086:86"
      - "5353:53/udp"
      - "5386:86/udp"
      - "127.0.0.1:8443:443"
      - "192.0.2.1:8081:81"
      - "9000-9002:9100-9102"
      - "[fd00:aa::1]:8083:80"
      - "8084:80@up0"
  peer:
  rogue:
  q1: { publish: ["8090:80"] }
  q2:
  in1:
  in2:
  plain: { publish: ["8091:80"] }
  db:
  open:
links:
  - [web:eth0, br-a]
  - [peer:eth0, br-a]
  - [rogue:eth0, br-a]
  - [q1:eth0, br-quiet]
  - [q2:eth0, br-quiet]
  - [in1:eth0, br-inner]
  - [in2:eth0, br-inner]
  - [plain:eth0, br-plain]
  - [db:eth0, br-db]
  - [open:eth0, br-open]
`);
