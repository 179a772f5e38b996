import { Controller } from '@nestjs/common';
import { devicesApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { Blocks } from '../blocks/blocks.service.js';
import { Devices } from './devices.service.js';

/** What the system administrator sees and ends of a person's being signed in. */
@Controller()
export class PersonAccessController {
  constructor(
    private readonly devices: Devices,
    private readonly blocks: Blocks,
  ) {}

  @Route(devicesApi.personAccess)
  access(@Input() { params }: InputOf<typeof devicesApi.personAccess>) {
    return this.blocks.access(params.personId);
  }

  @Route(devicesApi.personDevices)
  async list(@Caller() by: Principal, @Input() { params, query }: InputOf<typeof devicesApi.personDevices>) {
    await this.devices.requirePerson(params.personId);
    return this.devices.list(by, params.personId, query);
  }

  @Route(devicesApi.signOutPersonDevice)
  async end(@Caller() by: Principal, @Input() { params }: InputOf<typeof devicesApi.signOutPersonDevice>) {
    await this.devices.requirePerson(params.personId);
    await this.devices.end(by, params.personId, params.sessionId);
  }

  @Route(devicesApi.signOutPerson)
  async endAll(@Caller() by: Principal, @Input() { params }: InputOf<typeof devicesApi.signOutPerson>) {
    await this.devices.requirePerson(params.personId);
    return this.devices.endAll(by, params.personId);
  }

  @Route(devicesApi.blockPerson)
  block(@Caller() by: Principal, @Input() { params, body }: InputOf<typeof devicesApi.blockPerson>) {
    return this.blocks.block(by, params.personId, body.reason);
  }

  @Route(devicesApi.unblockPerson)
  unblock(@Caller() by: Principal, @Input() { params }: InputOf<typeof devicesApi.unblockPerson>) {
    return this.blocks.unblock(by, params.personId);
  }
}
