import { Controller } from '@nestjs/common';
import { visibilityApi, type InputOf } from '#contracts';
import { Caller, Input, Route, type Principal } from '#platform';
import { VisibilityRules } from './visibility-rules.service.js';

type In<Name extends keyof typeof visibilityApi> = InputOf<(typeof visibilityApi)[Name]>;

@Controller()
export class VisibilityAdminController {
  constructor(private readonly rules: VisibilityRules) {}

  @Route(visibilityApi.visibility)
  current() {
    return this.rules.current();
  }

  @Route(visibilityApi.visibilityVersions)
  list(@Input() { query }: In<'visibilityVersions'>) {
    return this.rules.list(query);
  }

  @Route(visibilityApi.previewVisibility)
  preview(@Input() { body }: In<'previewVisibility'>) {
    return this.rules.preview(body.rules, body.personId);
  }

  @Route(visibilityApi.setVisibility)
  change(@Caller() by: Principal, @Input() { body }: In<'setVisibility'>) {
    return this.rules.change(by, body);
  }
}
