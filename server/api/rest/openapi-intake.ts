const taken = {
  204: { description: 'Taken; the header X-InfraSage-Receipt says what became of the samples.' },
}
const receipt = { 200: { description: 'Taken; `partialSuccess` names what was left out and why.' } }
const refused = { default: { $ref: '#/components/responses/Error' } }
const binary = { type: 'string', format: 'binary' }

/** The intake, whose bodies are wire formats of their own and stand outside the routes table. */
export const intakePaths: Record<string, Record<string, unknown>> = {
  '/write': {
    post: {
      operationId: 'post-write',
      summary: 'Prometheus remote write',
      description: 'For the role operator or admin; an API key also needs the scope "telemetry:write".',
      tags: ['telemetry'],
      requestBody: { required: true, content: { 'application/x-protobuf': { schema: binary } } },
      responses: { ...taken, ...refused },
    },
  },
  '/otlp/v1/metrics': {
    post: {
      operationId: 'post-otlp-metrics',
      summary: 'OpenTelemetry metrics over OTLP/HTTP',
      description: 'For the role operator or admin; an API key also needs the scope "telemetry:write".',
      tags: ['telemetry'],
      requestBody: {
        required: true,
        content: {
          'application/x-protobuf': { schema: binary },
          'application/json': { schema: { type: 'object' } },
        },
      },
      responses: { ...receipt, ...refused },
    },
  },
}
