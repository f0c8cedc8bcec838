export const TOPOLOGIES: Readonly<Record<'star' | 'chain' | 'mesh' | 'publishes' | 'routes', (size: number, edited?: boolean) => string>>;
