// Shared modules can be consumed only behind an asynchronous boundary.
void import(/* webpackChunkName: "bootstrap" */ './bootstrap.tsx');

export {};
