export * from "dynamo-bao";
