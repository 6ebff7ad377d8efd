/** Progress output for scripts that run before anything is installed or compiled. */
import { spawn } from 'node:child_process';

const quietMs = 2_000;

/**
 * Runs a command and shows its elapsed time on stderr. With `tellsEnd: false` it prints no final line. Resolves with
 * { code, output }; never rejects.
 */
export function runStep(label, command, args, { tellsEnd = true, ...options } = {}) {
  return new Promise(resolve => {
    const startedAt = Date.now();
    const seconds = () => Math.round((Date.now() - startedAt) / 1000);
    const live = process.stderr.isTTY;
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    const clear = () => live && process.stderr.write('\r\x1b[2K');
    const show = () => {
      if (Date.now() - startedAt < quietMs) return;
      clear();
      process.stderr.write(`… ${label} (${seconds()} s)${live ? '' : '\n'}`);
    };
    const timer = setInterval(show, live ? 500 : 5_000);
    const settle = code => {
      clearInterval(timer);
      clear();
      if (tellsEnd && Date.now() - startedAt >= quietMs) {
        process.stderr.write(`${code === 0 ? '✓' : '✗'} ${label} (${seconds()} s)\n`);
      }
      resolve({ code, output });
    };
    child.on('error', error => {
      output += `${error.message}\n`;
      settle(127);
    });
    child.on('close', code => settle(code ?? 1));
  });
}
