/** A moment as directories write it: `20260701083000Z`. */
export function generalizedTime(moment: Date): string {
  return `${moment.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
}
