/**
 * Imported before esbuild, whose process then ends after each bundle. Otherwise esbuild keeps that process and a thread
 * until our process ends.
 */
process.env.ESBUILD_WORKER_THREADS = '0';
