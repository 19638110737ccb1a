import { build } from './build.mjs';

/** What the tests of the cluster need besides its source; vitest calls it before them. */
export const setup = () => build(['schemas']);
