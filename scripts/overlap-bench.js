#!/usr/bin/env node
/** The program of the npm package. It is plain JavaScript, so that an old Node can print what is missing. */
import './require-node.js';

const { runCommand } = await import('./command.ts');
const { main } = await import('./dispatch.ts');
await runCommand(main);
