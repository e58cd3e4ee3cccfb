/**
 * Imported before esbuild: it then bundles in a process that ends with the bundle. Otherwise it keeps that process, and a
 * thread besides, for as long as this one serves the page.
 */
process.env.ESBUILD_WORKER_THREADS = '0';
