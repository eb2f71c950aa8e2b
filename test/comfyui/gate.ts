/** Open or shut; who comes while it is shut waits. */
export class Gate {
  private shut: { opened: Promise<void>; open: () => void } | null = null;

  get isShut(): boolean {
    return this.shut !== null;
  }

  close(): void {
    let open = () => {};
    this.shut ??= { opened: new Promise((resolve) => (open = resolve)), open: () => open() };
  }

  open(): void {
    this.shut?.open();
    this.shut = null;
  }

  async passed(): Promise<void> {
    while (this.shut) await this.shut.opened;
  }
}
