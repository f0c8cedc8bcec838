"""Mininet: hosts on a Linux bridge. Usage: mininet_star.py COUNT; does what each line of standard input says (up, down) and answers with a line."""

import sys

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo

setLogLevel('error')
net = None


def up():
    global net
    net = Mininet(topo=SingleSwitchTopo(int(sys.argv[1])), switch=LinuxBridge, controller=None, ipBase='10.0.0.0/8')
    net.start()


def down():
    net.stop()


print('ready', flush=True)
for line in sys.stdin:
    {'up': up, 'down': down}[line.strip()]()
    print('done', flush=True)
