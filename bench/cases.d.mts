export const TOPOLOGIES: Readonly<
  Record<'star' | 'chain' | 'mesh' | 'publishes' | 'containers' | 'bridges' | 'routes', (size: number, edited?: boolean) => string>
>;
