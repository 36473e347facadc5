// Runs a scenario of tests/scenarios that it is sent, and answers with what went wrong. The package's requests are noted on
// their way out. Beside this file stands the runner of npm/test/scenarios.
import { Scenario, type Step } from "./scenario.js";

const realFetch = globalThis.fetch;
const sent: { operation: string; body: any }[] = [];

globalThis.fetch = async (input: any, init: any) => {
  const request = new Request(input, init);
  const operation = (request.headers.get("x-amz-target") ?? "").replace(/^.*\./, "");
  sent.push({ operation, body: JSON.parse(await request.clone().text()) });
  return realFetch(request);
};

interface Job {
  engine: string;
  endpoint: string;
  table: string;
  models: Record<string, unknown>;
  scenario: Step;
}

async function pastTheLibrary(endpoint: string, operation: string, body: object): Promise<any> {
  const response = await realFetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      "x-amz-date": "20200101T000000Z",
      authorization:
        "AWS4-HMAC-SHA256 Credential=local/20200101/us-west-2/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0",
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${operation}: ${text}`);
  return JSON.parse(text);
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { engine, endpoint, table, models, scenario } = (await request.json()) as Job;
    sent.length = 0;
    const place = { name: engine, endpoint, sent, request: (operation: string, body: object) => pastTheLibrary(endpoint, operation, body), stop: async () => {} };
    try {
      await new Scenario(place, table, models, scenario).runSteps();
      return Response.json({ requests: sent.length });
    } catch (error) {
      return Response.json({ requests: sent.length, failure: (error as Error).message });
    }
  },
};
