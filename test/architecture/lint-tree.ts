import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs the project's own lint configuration on a tree of its own and returns the rules that went red, by file. */
export function lint(files: string[][]): Map<string, string[]> {
  const tree = mkdtempSync(join(tmpdir(), 'filmroll-lint-'));
  try {
    for (const part of ['.oxlintrc.json', 'lint']) cpSync(part, join(tree, part), { recursive: true });
    for (const [file, text] of files) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    return faultsByFile(
      spawnSync(process.execPath, [join(process.cwd(), 'node_modules/oxlint/bin/oxlint'), '--format=json'], { cwd: tree }),
    );
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function faultsByFile({ stdout }: { stdout: Buffer }): Map<string, string[]> {
  const { diagnostics } = JSON.parse(stdout.toString()) as { diagnostics: { filename: string; code: string }[] };
  const faults = new Map<string, string[]>();
  for (const { filename, code } of diagnostics) faults.set(filename, [...(faults.get(filename) ?? []), code]);
  return faults;
}
