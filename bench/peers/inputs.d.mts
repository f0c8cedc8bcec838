export const cniNetwork: (dataDir: string) => string;
export const interfaces: (size: number, edited?: boolean) => string;
