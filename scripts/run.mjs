import { spawn } from 'node:child_process';

import { UserError } from './progress.mjs';

/**
 * Runs a program to its end and gives what it printed. With `inherit` its output goes to ours instead.
 * A failure carries the last lines that it wrote, because those say why.
 */
export function run(command, args, { cwd, env, inherit = false, onLine, tail = 15 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      const line = String(chunk).trim().split('\n').at(-1);
      if (line && onLine) onLine(line);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', (error) => reject(new UserError(`cannot run ${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const last = output.trim().split('\n').slice(-tail).join('\n');
        const what = `${command} ${args.join(' ')}`.slice(0, 200);
        reject(new UserError(`${what} failed (${signal ?? code})${last ? `:\n${last}` : ''}`));
      }
    });
  });
}
