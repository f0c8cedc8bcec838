// What dist/bundle gives to the programs of bin/.
export { main, start } from './main.ts';

/** The process that `apply --confirm` leaves behind. */
export const guard = async (id: string): Promise<void> => (await import('./confirmation/guard.ts')).guard(id);
