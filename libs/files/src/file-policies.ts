import { Inject, Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { GovernanceModule, Policies, type PolicyReader } from '#governance';
import { SETTINGS, type Settings } from '#platform';

const FileLimit = z.object({
  maxBytes: z
    .number()
    .int()
    .min(1)
    .max(1024 ** 4)
    .describe('Largest file that can be uploaded, in bytes'),
});

/** What administrators decide about files. */
@Injectable()
export class FilePolicies {
  readonly limit: PolicyReader<z.infer<typeof FileLimit>>;

  constructor(@Inject(SETTINGS) settings: Settings, policies: Policies) {
    this.limit = policies.declare({
      name: 'files.limit',
      schema: FileLimit,
      fallback: { maxBytes: settings.FILE_MAX_BYTES },
      changedBy: ['security-admin'],
      delayMs: 0,
      scopes: ['department', 'person'],
    });
  }
}

/** Also for processes in which administrators decide, and nobody uploads. */
@Module({ imports: [GovernanceModule], providers: [FilePolicies], exports: [FilePolicies] })
export class FilePoliciesModule {}
