/** The model files of one server, which tests may add and take away while it runs. Names carry their extension and sub-folder. */
export class ModelFolders {
  private readonly folders = new Map<string, Set<string>>();

  constructor(files: Record<string, string[]>) {
    for (const [folder, names] of Object.entries(files)) this.folders.set(folder, new Set(names));
  }

  kinds(): string[] {
    return [...this.folders.keys()];
  }

  /** Sorted file names, or undefined for a folder that does not exist. */
  list(folder: string): string[] | undefined {
    const files = this.folders.get(folder);
    return files && [...files].sort();
  }

  /** GET /embeddings: names without extension. */
  embeddings(): string[] {
    return this.list('embeddings')!.map((file) => file.replace(/\.[^.]+$/, ''));
  }

  /** Whether the prompt parser finds this name: with or without its extension, in any sub-folder. */
  hasEmbedding(name: string): boolean {
    const wanted = [name, ...['.safetensors', '.pt', '.bin'].map((extension) => name + extension)];
    return this.list('embeddings')!.some((file) => wanted.some((one) => file === one || file.endsWith(`/${one}`)));
  }

  addEmbedding(file: string): void {
    this.folders.get('embeddings')!.add(file);
  }

  /** Takes a name as GET /embeddings gives it. */
  loseEmbedding(name: string): void {
    const file = this.list('embeddings')!.find((one) => one === name || one.replace(/\.[^.]+$/, '') === name);
    if (file === undefined) throw new Error(`No embedding ${name} here to lose`);
    this.folders.get('embeddings')!.delete(file);
  }

  addCheckpoint(file: string): void {
    this.folders.get('checkpoints')!.add(file);
  }

  loseCheckpoint(file: string): void {
    if (!this.folders.get('checkpoints')!.delete(file)) throw new Error(`No checkpoint ${file} here to lose`);
  }
}
