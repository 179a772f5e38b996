import { Injectable } from '@nestjs/common';

/** People who hold accounts that nobody may lose by a synchronisation alone. Whoever knows the accounts says who. */
@Injectable()
export class ProtectedPeople {
  private idsOf: () => Promise<string[]> = () => Promise.resolve([]);

  identifyBy(idsOf: () => Promise<string[]>): void {
    this.idsOf = idsOf;
  }

  ids(): Promise<string[]> {
    return this.idsOf();
  }
}
