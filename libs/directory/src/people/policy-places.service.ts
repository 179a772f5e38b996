import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Policies } from '#governance';
import { PolicyPlacesStore } from './policy-places.store.js';

/** Tells policies who is where. */
@Injectable()
export class PolicyPlaces implements OnModuleInit {
  constructor(
    private readonly policies: Policies,
    private readonly store: PolicyPlacesStore,
  ) {}

  onModuleInit(): void {
    this.policies.placeBy(this.store);
  }
}
