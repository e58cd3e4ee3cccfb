/**
 * Imported before esbuild, which then bundles in a process that ends with the bundle. Otherwise it keeps that process, and a
 * thread besides, for as long as ours lives.
 */
process.env.ESBUILD_WORKER_THREADS = '0';
