/**
 * Keeps what a device remembers in a folder, for programs that run in Node: bots and desktops.
 *
 * Owns: the files of one folder. Promises: what a promise of the store resolved for is there after a kill or a power
 * cut; what was under way is there whole or not at all. Must not: be opened for one folder by two processes at once.
 */
export { FileStore } from './file-store.js';
