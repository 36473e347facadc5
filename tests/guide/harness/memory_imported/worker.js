// The import may stand anywhere among the others: all of them come before what the worker does.
import worker from "./requests.js";
import "dynamo-bao/memory";

export default worker;
