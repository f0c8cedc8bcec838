import type { Blocker } from '../../model/errors.ts';
import { markOf, nameStateIn } from '../../model/names.ts';
import type { Resource, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';

/** Why a name cannot be bound: nothing to attach to, another one leads there too, or the name is taken. */
export function obstacles(resources: readonly Resource[], view: View): Blocker[] {
  return resources.flatMap(({ namespace: name, origin }): Blocker[] => {
    const blocker = notFound(name, view) ?? twice(name, view) ?? taken(name, view);
    return blocker === undefined ? [] : [{ ...blocker, ...(origin ? { origin } : {}) }];
  });
}

function notFound(name: string, { snapshot }: View): Blocker | undefined {
  const target = snapshot.attached.get(name);
  if (target === undefined || target.found) return undefined;
  return { code: target.code, message: `${name}: ${target.message}`, hint: target.hint };
}

/** Two names of one topology for one namespace would contend for what is inside. */
function twice(name: string, view: View): Blocker | undefined {
  const { snapshot } = view;
  const target = snapshot.attached.get(name);
  if (target?.found !== true) return undefined;
  const [rival] = [...snapshot.attached].find(([other, state]) => other !== name && state.found && state.inode === target.inode) ?? [];
  const own = [...snapshot.names].find(
    ([other, inode]) => other !== name && inode === target.inode && nameStateIn(view, other).is === 'own',
  )?.[0];
  const other = rival ?? own;
  if (other === undefined) return undefined;
  return {
    code: 'E_ATTACH_TWICE',
    message: `${name} and ${other} lead to one namespace`,
    hint: `keep one of them, and make the other a further name: ${name}: { share: ${other} }`,
  };
}

function taken(name: string, view: View): Blocker | undefined {
  const { snapshot } = view;
  const holder = markOf(snapshot, name);
  if (holder !== undefined && holder !== view.name) {
    const file = snapshot.records.get(holder)?.file;
    return {
      code: 'E_NAMESPACE_TAKEN',
      message: `namespace ${name} belongs to the topology ${holder}${file ? ` (${file})` : ''}`,
      hint: `rename one of the two, or remove the other with: netloom destroy ${holder}`,
    };
  }
  const state = nameStateIn(view, name);
  const isHosts = state.is === 'shared' && state.source === HOST;
  if (state.is !== 'foreign' && !isHosts) return undefined;
  return {
    code: 'E_NAMESPACE_TAKEN',
    message: `a namespace ${name} is there already and is not netloom's`,
    hint: `rename it in the file, or remove the name with: ip netns del ${name}`,
  };
}
