import type { Notice } from './contract.ts'

/** A notice as a CloudEvent 1.0 in structured JSON. `source` and `id` together name it once and for all. */
export function cloudEvent(notice: Notice, baseUrl: string): Record<string, unknown> {
  const { id, at, topic, action, subject, urgency, title, text, path, workload, actBy, seq } = notice
  return {
    specversion: '1.0',
    id,
    source: `${baseUrl}/api/v1/audit`,
    type: `infrasage.${action}`,
    subject,
    time: at,
    datacontenttype: 'application/json',
    data: { topic, urgency, title, text, url: `${baseUrl}${path}`, workload, actBy, logEntry: seq },
  }
}
