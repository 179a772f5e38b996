/** Months are written as their first day, `YYYY-MM-01`, in UTC. */
export type Month = string;

export const monthOf = (at: number): Month => `${new Date(at).toISOString().slice(0, 7)}-01`;

/** The month so many months later; before, when negative. */
export function addMonths(month: Month, count: number): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return monthOf(Date.UTC(year, number - 1 + count, 1));
}

/** Months that content is kept when no policy says otherwise: ten years, the common term for office records. */
const retentionMonths = 120;

/** The month in which what is written now expires. */
export const contentBucket = (at: number): Month => addMonths(monthOf(at), retentionMonths);
