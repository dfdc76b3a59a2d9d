/** A whole number of replicas as typed, or what is wrong with it. */
export function parseReplicas(text: string): { value: number } | { problem: string } {
  if (!/^\d+$/.test(text.trim())) return { problem: 'Give a whole number of replicas, 0 or more.' }
  const value = Number(text.trim())
  return value <= 100_000 ? { value } : { problem: 'Give at most 100,000 replicas.' }
}
