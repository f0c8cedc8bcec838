import { dockerUserRule } from '../../model/marks.ts';
import type { Step } from '../../model/operation.ts';
import { addAddress, deleteAddress } from './addresses.ts';
import { addAltname, addBridge, addVeth, deleteAltname, deleteLink, deleteName, setLink } from './links.ts';
import { runNft } from './nft.ts';
import { deleteRoute, replaceRoute } from './routes.ts';
import {
  addNamespace,
  type FakeHost,
  type FakeLink,
  type FakeNamespace,
  linkNamed,
  namespaceNamed,
  otherNamespace,
  refuse,
} from './state.ts';
import { writeSysctl } from './sysctls.ts';

/** Carries out one step on the state. Throws StepError, and leaves the state as it was, where the kernel would refuse. */
export function perform(host: FakeHost, step: Step): void {
  const namespace = (name: string): FakeNamespace => namespaceNamed(host, name);
  const link = (at: { readonly namespace: string; readonly dev: string }): FakeLink =>
    linkNamed(namespace(at.namespace), at.dev, at.namespace);
  switch (step.do) {
    case 'netns-add':
      checkFree(host, step.name);
      addNamespace(host, step.name);
      break;
    case 'netns-bind':
      checkFree(host, step.name);
      host.names.set(step.name, namespace(step.source));
      break;
    case 'netns-attach':
      checkFree(host, step.name);
      host.names.set(step.name, attachable(host, step));
      break;
    case 'netns-delete':
      deleteName(host, step.name);
      break;
    case 'bridge-add':
      addBridge(namespace(step.namespace), { ifname: step.ifname, mac: step.mac, group: step.group }, step.namespace);
      break;
    case 'veth-add':
      addVeth(host, step.ends, step.master);
      break;
    case 'link-set':
      setLink(link(step), step.set, step.namespace);
      break;
    case 'altname-add':
      addAltname(link(step), step.altname, step.namespace);
      break;
    case 'altname-delete':
      deleteAltname(link(step), step.altname, step.namespace);
      break;
    case 'link-delete':
      deleteLink(link(step), step.namespace);
      break;
    case 'address-add':
      addAddress(link(step), step.address, step.namespace);
      break;
    case 'address-ensure':
      if (!link(step).addresses.some(({ text }) => text === step.address)) addAddress(link(step), step.address, step.namespace);
      break;
    case 'address-delete':
      deleteAddress(link(step), step.address, step.namespace);
      break;
    case 'route-replace':
      replaceRoute(namespace(step.namespace), step.route, step.namespace);
      break;
    case 'route-delete':
      deleteRoute(namespace(step.namespace), step.route, step.namespace);
      break;
    case 'neighbour-flush':
      // There are no neighbours to forget, but the device must be there.
      link(step);
      break;
    case 'sysctl':
      writeSysctl(namespace(step.namespace), step.path, step.value, step.namespace);
      break;
    case 'nft':
      runNft(namespace(step.namespace), step.lines, step.namespace);
      break;
    case 'conntrack-flush':
    case 'conntrack-cut':
      break;
    case 'docker-user-add':
    case 'docker-user-delete':
      changeDockerUser(host, step);
      break;
    case 'file-write':
      host.files.set(step.path, step.content);
      break;
    case 'file-delete':
      host.files.delete(step.path);
      break;
    default:
      step satisfies never;
  }
}

function attachable(host: FakeHost, { source, inode }: Extract<Step, { do: 'netns-attach' }>): FakeNamespace {
  const found = otherNamespace(host, source);
  if (found === undefined || found === host.host) refuse('host', ['mount'], `${JSON.stringify(source)} is not there`);
  if (inode !== undefined && found.inode !== inode) refuse('host', ['mount'], 'it has been started anew meanwhile');
  return found;
}

function changeDockerUser(host: FakeHost, step: Extract<Step, { do: 'docker-user-add' | 'docker-user-delete' }>): void {
  const { rules } = host.dockerUser[step.family] ?? refuse('host', ['iptables-restore'], 'No chain/target/match by that name.');
  const text = dockerUserRule(step);
  if (step.do === 'docker-user-add') {
    const { topology, bridge, direction, past } = step;
    rules.push({ topology, bridge, direction, effective: true, ...(past === undefined ? {} : { past }) });
    return;
  }
  const index = rules.findIndex((rule) => dockerUserRule(rule) === text);
  if (index === -1) refuse('host', ['iptables-restore'], 'Bad rule (does a matching rule exist in that chain?).');
  rules.splice(index, 1);
}

function checkFree(host: FakeHost, name: string): void {
  if (host.names.has(name)) refuse('host', ['ip', 'netns'], `Cannot create namespace file "/run/netns/${name}": File exists`);
}
