import { Controller, Injectable } from '@nestjs/common';
import { serviceApi } from '#contracts';
import { AppError } from '../app-error.js';
import { Route } from './route.js';

type Check = () => Promise<void>;

/** Whether this process can serve. Libraries add what they depend on; draining ends it for good. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, Check>();
  private draining = false;

  /** Names a part this process cannot serve without. The check throws while the part is away. */
  dependsOn(part: string, check: Check): void {
    this.checks.set(part, check);
  }

  drain(): void {
    this.draining = true;
  }

  /** Throws `service.unavailable` with the names of the parts that are away. */
  async requireReady(): Promise<void> {
    if (this.draining) throw new AppError('service.unavailable', { details: { draining: true } });
    const missing: string[] = [];
    await Promise.all([...this.checks].map(([part, check]) => check().catch(() => void missing.push(part))));
    if (missing.length > 0) {
      throw new AppError('service.unavailable', { details: { missing: missing.sort() }, retryAfterMs: 1000 });
    }
  }
}

@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Route(serviceApi.live)
  live() {
    return { status: 'ok' };
  }

  @Route(serviceApi.ready)
  async ready() {
    await this.health.requireReady();
    return { status: 'ok' };
  }
}
