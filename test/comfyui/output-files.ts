export type FolderType = 'output' | 'temp' | 'input';

interface StoredFile {
  bytes: Buffer;
  modifiedAt: Date;
}

/** The files of one server; they outlive its restarts, except those in temp. */
export class OutputFiles {
  private readonly files = new Map<string, StoredFile>();

  read(type: string, subfolder: string, name: string): StoredFile | undefined {
    return this.files.get(pathOf(type, subfolder, name));
  }

  write(type: FolderType, subfolder: string, name: string, bytes: Buffer): void {
    this.files.set(pathOf(type, subfolder, name), { bytes, modifiedAt: new Date() });
  }

  delete(type: string, subfolder: string, name: string): boolean {
    return this.files.delete(pathOf(type, subfolder, name));
  }

  /** Paths like `output/portraits/x_00001_.png`. */
  list(): string[] {
    return [...this.files.keys()];
  }

  wipeTemp(): void {
    for (const path of this.files.keys()) if (path.startsWith('temp/')) this.files.delete(path);
  }

  /** Highest number in this folder with this prefix, plus one: what SaveImage counts on from. */
  nextNumber(type: FolderType, subfolder: string, prefix: string): number {
    const start = pathOf(type, subfolder, `${prefix}_`);
    const numbers = this.list()
      .filter((path) => path.startsWith(start))
      .map((path) => Number(/^(\d+)_/.exec(path.slice(start.length))?.[1] ?? 0));
    return Math.max(0, ...numbers) + 1;
  }
}

function pathOf(type: string, subfolder: string, name: string): string {
  return [type, ...subfolder.split('/').filter(Boolean), name].join('/');
}
