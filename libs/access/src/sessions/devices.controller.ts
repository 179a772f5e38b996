import { Controller } from '@nestjs/common';
import { devicesApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { Devices } from './devices.service.js';

/** Everybody's own devices. */
@Controller()
export class DevicesController {
  constructor(private readonly devices: Devices) {}

  @Route(devicesApi.myDevices)
  list(@Caller() caller: Principal, @Input() { query }: InputOf<typeof devicesApi.myDevices>) {
    return this.devices.list(caller, caller.id, query);
  }

  @Route(devicesApi.signOutDevice)
  end(@Caller() caller: Principal, @Input() { params }: InputOf<typeof devicesApi.signOutDevice>) {
    return this.devices.end(caller, caller.id, params.sessionId);
  }

  @Route(devicesApi.signOutOthers)
  endOthers(@Caller() caller: Principal, @Input() _input: InputOf<typeof devicesApi.signOutOthers>) {
    return this.devices.endOthers(caller);
  }
}
