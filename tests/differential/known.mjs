// Every difference between our answers and a peer's that is known and meant. docs/engine.md tells the reason of each and
// which side is right, under the same id; an entry matches as narrowly as it can.
//
// An entry: `peer`; `ours` and `theirs`, patterns of "TYPE: MESSAGE" or of "200" for a good answer; `parts`, which parts
// of good answers; `when`, anything else.

const anyOther = /^(200$|ConditionalCheckFailedException|TransactionCanceledException|ValidationException)/;

/** What dynoxide does not check before it looks at the item. */
const staticChecks =
  /^ValidationException: (Invalid (Condition|Filter|Update|Projection|KeyCondition)Expression: (Incorrect operand type|The BETWEEN operator requires|The first operand must be distinct|Two document paths|The function is not allowed|Operator or function requires a document path|Incorrect number of operands|Invalid function name|Attribute name is a reserved|The expression has redundant parentheses|An expression attribute (name|value) used|Syntax error|The expression can not be empty|Invalid attribute type name)|Value provided in ExpressionAttribute(Names|Values) unused)/;

/** What an update says of the item that it meets, in whichever order its actions are tried. */
const updateErrors =
  /^ValidationException: (The document path provided in the update expression is invalid|An operand in the update expression has an incorrect data type|The provided expression refers to an attribute that does not exist|Operands for [+-] must be numbers|list_append requires two list operands|Attempting to store more than 38|DynamoDB only supports precision|Number (over|under)flow)/;
function updateReasons({ part, ours, theirs }) {
  const isUpdateError = (message) => updateErrors.test(`ValidationException: ${message}`);
  if (part === "message") return isUpdateError(ours.message) && isUpdateError(theirs.message);
  return (
    ours.reasons?.length === theirs.reasons?.length &&
    ours.reasons.every((one, at) => {
      const other = theirs.reasons[at];
      const same = one.Code === other.Code && one.Message === other.Message;
      return same || (one.Message !== null && isUpdateError(one.Message));
    })
  );
}

/** Where a key does not fit, dynoxide goes on with the conditions of the other actions. */
function keyReasons({ ours, theirs }) {
  const misfit = "The provided key element does not match the schema";
  const keyMistake = (one) => one.Message === misfit || /^One or more parameter values/.test(one.Message ?? "");
  return ours.reasons?.some(keyMistake) && ours.reasons.every((one, at) => one.Code === "None" || one.Code === theirs.reasons?.[at]?.Code);
}

const keyWords =
  /^(ValidationException|TransactionCanceledException): .*(Invalid attribute value type|The number of conditions on the keys is invalid|Type mismatch for attribute to update|One of the required keys was not given a value|Type mismatch for Index Key)/;

/** Of several bad values each engine may name another. */
const badValue =
  /^ValidationException: (ExpressionAttributeValues contains invalid value: )?(One or more parameter values were invalid: (Input collection|An? \w+ sets? )|Input collection contains duplicates|The parameter cannot be converted to a numeric value|Attempting to store more than 38|Number (over|under)flow|Supplied AttributeValue|ExpressionAttributeNames can only)/;

/** Sums keep the zeros behind their point there. */
function plainNumbers(text) {
  return text?.replace(/(\\?"N\\?":\\?"-?\d+)(\.\d*?)0*(\\?")/g, (all, whole, fraction, quote) => whole + (fraction === "." ? "" : fraction) + quote);
}

const keyMisfit =
  /^ValidationException: (Key attributes must be scalars|The provided key element does not match|Invalid attribute value type|The number of conditions on the keys|Type mismatch for attribute|One of the required keys)/;

/** Checks of a Query or Scan that need no item, whichever comes first. */
const pageChecks =
  /^ValidationException: (Invalid \w+Expression: |Must specify the AttributesToGet|Cannot specify the (ProjectionExpression|AttributesToGet)|ALL_PROJECTED_ATTRIBUTES can be used|Consistent reads are not|The table does not have the specified index|The provided starting key|Query (condition missed|key condition)|Filter Expression can only|QueryFilter can only|One or more parameter values|Value provided in Expression|Conditions can be of|Supplied AttributeValue|Key attributes must|The Segment parameter|Consistent read cannot be true|Invalid operator used in KeyConditionExpression|Cannot convert partition key|Expected attribute name|The provided key element|ExpressionAttributeNames |The parameter cannot be converted|ExpressionAttributeValues |Unexpected (operator|token) in KeyCondition|The BETWEEN condition was|Query filter contains a sort key)/;

const reads = (d) => d.operation.name === "Query" || d.operation.name === "Scan";

/** The older build's own words for the same refusal. */
const words2020 = [
  [/^Consistent reads are not supported on global/, /^Consistent read cannot be true when (querying|scaning) a GSI/],
  [/^The parameter cannot be converted to a numeric value/, /^A value provided cannot be converted into a number/],
  [/contains invalid value: The parameter cannot be converted/, /A value provided cannot be converted into a number/],
  [/Attempting to store more than 38 significant digits/, /DynamoDB only supports precision up to 38 digits/],
  [/Cannot update attribute \w+\. This attribute is part of the key$/, /^This attribute is part of the key$/],
  [/at 'returnValues' failed to satisfy|^ReturnValues can only be ALL_OLD or NONE/, /^Return values set to invalid value/],
  [/^The provided starting key/, /starting key|Exclusive Start Key/],
  [/^One or more parameter values were invalid: Type mismatch for Index Key/, /^Type mismatch for Index Key|Updates on index keys must be of the same data type|^Invalid attribute value type|^Type mismatch for attribute to update/],
  [/^One or more parameter values were invalid: Input collection .* contains duplicates\.$/, /contains duplicates$/],
  [/An? \w+ sets? +(may|should) not be empty/, /^Sets cannot be empty/],
  [/^The Segment parameter is zero-based/, /at 'segment' failed to satisfy/],
  [/^The (Segment|TotalSegments) parameter is required/, /segment/],
  [/cannot contain an empty \w+ value/, /may not contain (an|a null or) empty/],
  [/ action (with value )?is not supported for the type/, / action (with value )?is not supported for the type/],
  [/^Query condition missed key schema element: /, /^Query condition missed key schema element$/],
  [/^The table does not have the specified index: nope/, /^The table does not have the specified index$/],
];

/** @type {{id: string, peer: string, parts?: string[], ours?: RegExp, theirs?: RegExp, when?: (d: any) => boolean}[]} */
export const entries = [
  // dynoxide
  { id: "prefix", peer: "dynoxide", theirs: /^ValidationException: 1 validation error detected: /, when: (d) => d.theirs.message === `1 validation error detected: ${d.ours.message}` },
  { id: "broken-requests", peer: "dynoxide", parts: ["type", "message"], when: (d) => d.operation.broken },
  { id: "broken-requests", peer: "dynoxide", parts: ["outcome"], ours: /^ValidationException: \d validation errors? detected: /, theirs: /^200$/, when: (d) => d.operation.broken },
  { id: "null-members", peer: "dynoxide", ours: /^200$/, theirs: /invalid type: null/, when: (d) => d.operation.broken },
  { id: "late-expression-checks", peer: "dynoxide", ours: staticChecks, theirs: anyOther },
  { id: "key-condition-words", peer: "dynoxide", parts: ["message"], ours: /^ValidationException: Invalid operator used in KeyConditionExpression|does not match schema type$/, theirs: /Expected attribute name|Unexpected (operator|token) in KeyCondition|Cannot convert partition key/ },
  { id: "key-condition-order", peer: "dynoxide", ours: /^200$/, theirs: /^ValidationException: Query condition missed key schema element/, when: (d) => / AND /.test(d.operation.request.KeyConditionExpression) },
  { id: "key-condition-types", peer: "dynoxide", ours: /^ValidationException: One or more parameter values (were invalid: Condition parameter type does not match schema type|are not valid. The AttributeValue for a key attribute cannot contain an empty)/, theirs: /^200$/ },
  { id: "legacy-types", peer: "dynoxide", ours: /^ValidationException: One or more parameter values were invalid: ComparisonOperator \w+ is not valid for/, theirs: anyOther },
  { id: "legacy-types", peer: "dynoxide", ours: /^ValidationException: The BETWEEN condition was provided a range|^ValidationException: One or more parameter values were invalid: AttributeValues inside AttributeValueList/, theirs: anyOther },
  { id: "legacy-counts", peer: "dynoxide", parts: ["message", "outcome", "type"], ours: /^ValidationException: (One or more parameter values were invalid: (Invalid number of argument|Value or AttributeValueList must be used)|Conditions can be of length)/, theirs: anyOther },
  { id: "not-contains", peer: "dynoxide", parts: ["outcome", "type", "rest", "items"], when: (d) => /"NOT_CONTAINS"/.test(JSON.stringify(d.operation.request)) },
  { id: "missing-paths", peer: "dynoxide", parts: ["outcome", "type", "message", "reasons"], ours: /The document path provided in the update expression is invalid|^TransactionCanceledException/, theirs: anyOther, when: (d) => d.part !== "reasons" || updateReasons(d) },
  { id: "update-order", peer: "dynoxide", parts: ["message", "reasons"], when: updateReasons },
  { id: "late-key-checks", peer: "dynoxide", parts: ["type"], ours: /This attribute is part of the key$/, theirs: /^ConditionalCheckFailedException/ },
  { id: "transaction-key-reasons", peer: "dynoxide", parts: ["reasons"], when: keyReasons },
  { id: "batch-key-words", peer: "dynoxide", parts: ["message"], ours: /^ValidationException: The provided key element does not match the schema/, theirs: /Missing the key/, when: (d) => d.operation.name === "BatchWriteItem" },
  { id: "base64-words", peer: "dynoxide", parts: ["message"], ours: /can not be converted to a Blob$/, theirs: /^SerializationException: invalid base64/ },
  { id: "invalid-value-words", peer: "dynoxide", parts: ["message"], when: (d) => d.ours.message.startsWith(`ExpressionAttributeValues contains invalid value: ${d.theirs.message}`) },
  { id: "start-key-bounds", peer: "dynoxide", ours: /Please use ExclusiveStartKey with correct Segment/, theirs: /^200$/ },
  { id: "token-before-checks", peer: "dynoxide", parts: ["type"], theirs: /^IdempotentParameterMismatchException/, ours: staticChecks },
  { id: "unused-before-misplaced", peer: "dynoxide", parts: ["message"], ours: /can only be specified when using expressions/, theirs: /unused in expressions/ },
  { id: "first-bad-value", peer: "dynoxide", parts: ["message"], ours: badValue, theirs: badValue },
  { id: "duplicates-first", peer: "dynoxide", parts: ["message"], theirs: /^ValidationException: Provided list of item keys contains duplicates/ },
  { id: "empty-names", peer: "dynoxide", ours: /^ValidationException: (ExpressionAttributeNames contains invalid value: )?Empty attribute name/, theirs: anyOther },
  { id: "legacy-operator", peer: "dynoxide", ours: /^ValidationException: ConditionalOperator (cannot|can only) be used/, theirs: anyOther },
  { id: "broken-requests", peer: "dynoxide", parts: ["outcome"], ours: /^(SerializationException|ValidationException: Supplied AttributeValue is empty)/, theirs: /^(200$|ConditionalCheckFailed)/, when: (d) => d.operation.broken },
  { id: "broken-requests", peer: "dynoxide", parts: ["outcome", "type"], ours: badValue, theirs: /^(200$|ConditionalCheckFailed)/, when: (d) => d.operation.broken },
  { id: "broken-requests", peer: "dynoxide", parts: ["type"], ours: /^SerializationException: .*can not be converted to a Blob/, theirs: /^ValidationException: Either the KeyConditions/ },
  { id: "return-values-order", peer: "dynoxide", parts: ["message"], ours: /at 'returnValues' failed|^ValidationException: ReturnValues can only be/, when: (d) => ["PutItem", "DeleteItem"].includes(d.operation.name) },
  { id: "which-key", peer: "dynoxide", parts: ["message"], ours: keyMisfit, theirs: /cannot contain an empty \w+ value\. Key: / },
  { id: "which-index", peer: "dynoxide", parts: ["message"], ours: /Type mismatch for Index Key/, theirs: /Type mismatch for Index Key/ },
  { id: "token-of-cancelled", peer: "dynoxide", parts: ["type"], ours: /^TransactionCanceledException/, theirs: /^IdempotentParameterMismatchException/ },
  { id: "duplicates-first", peer: "dynoxide", parts: ["message"], theirs: /cannot include multiple operations on one item$/ },
  { id: "null-words", peer: "dynoxide", parts: ["message"], ours: /UpdateExpression and ConditionExpression are null$/, theirs: /UpdateExpression is null and ConditionExpression is null$/ },
  { id: "values-before-names", peer: "dynoxide", parts: ["message"], ours: /can only be specified when using expressions/, theirs: /^ValidationException: (1 validation error detected: )?One or more parameter|^ValidationException: (1 validation error detected: )?(Input collection|The parameter cannot|Attempting to store|Number |Supplied )/ },
  { id: "first-bad-value", peer: "dynoxide", parts: ["message"], ours: badValue, theirs: /cannot contain an empty \w+ value/ },
  { id: "key-paths", peer: "dynoxide", ours: /^ValidationException: Key attributes must be scalars/, theirs: anyOther },
  { id: "old-of-nothing", peer: "dynoxide", parts: ["rest"], when: (d) => d.ours === "{}" && /_OLD$/.test(d.operation.request.ReturnValues) },
  { id: "list-padding", peer: "dynoxide", parts: ["rest", "items"], when: (d) => d.theirs.includes('{"NULL":true},{') && /\[7\]/.test(JSON.stringify(d.operation.request)) },
  { id: "updated-lists", peer: "dynoxide", parts: ["rest"], when: (d) => /^UPDATED_/.test(d.operation.request.ReturnValues) && /\[\d\]/.test(d.operation.request.UpdateExpression) },
  { id: "index-projection", peer: "dynoxide", ours: /^ValidationException: One or more parameter values were invalid: Global secondary index gsi2? does not project/, theirs: /^200$/ },
  { id: "local-index-fetch", peer: "dynoxide", parts: ["items", "rest", "capacity"], when: (d) => d.operation.request.IndexName === "lsi" },
  { id: "start-key-bounds", peer: "dynoxide", ours: /^ValidationException: The provided starting key (is outside query boundaries|does not match the range key predicate)/, theirs: /^200$/ },
  { id: "start-key-words", peer: "dynoxide", parts: ["message"], ours: /^ValidationException: The provided starting key is invalid: /, theirs: /The provided starting key is invalid/ },
  { id: "start-key-gone", peer: "dynoxide", parts: ["items", "rest"], when: (d) => d.operation.request.ExclusiveStartKey !== undefined && d.table.sort === undefined },
  { id: "projected-keys", peer: "dynoxide", parts: ["items"], when: (d) => d.operation.name === "TransactGetItems" && JSON.stringify(d.operation.request).includes("ProjectionExpression") },
  { id: "transaction-capacity", peer: "dynoxide", parts: ["capacity"], when: (d) => d.operation.name === "TransactWriteItems" },
  { id: "transaction-checks", peer: "dynoxide", parts: ["type"], ours: /^ValidationException: /, theirs: /^TransactionCanceledException: .*ValidationError/ },
  { id: "token-words", peer: "dynoxide", parts: ["message"], ours: /^IdempotentParameterMismatchException/ },
  { id: "order-of-checks", peer: "dynoxide", parts: ["message"], ours: pageChecks, theirs: pageChecks, when: reads },

  // DynamoDB Local of 2020
  { id: "broken-requests", peer: "dynamodb-local", parts: ["type", "message", "outcome"], when: (d) => d.operation.broken && !d.ours.ok },
  { id: "internal-failures", peer: "dynamodb-local", theirs: /^InternalFailure/ },
  { id: "token-before-checks", peer: "dynamodb-local", parts: ["type"], theirs: /^IdempotentParameterMismatchException/, ours: staticChecks },
  { id: "limit-at-the-end", peer: "dynamodb-local", parts: ["lastKey"], when: (d) => d.operation.name === "Query" && d.operation.request.Limit !== undefined && d.theirs === undefined },
  { id: "keys-before-checks", peer: "dynamodb-local", parts: ["message"], ours: staticChecks, theirs: keyWords },
  { id: "transaction-reasons", peer: "dynamodb-local", parts: ["reasons", "type"], ours: /^TransactionCanceledException: .*ValidationError/, theirs: keyWords },
  { id: "number-text", peer: "dynamodb-local", parts: ["rest", "items"], when: (d) => plainNumbers(d.ours) === plainNumbers(d.theirs) },
  { id: "transaction-duplicates", peer: "dynamodb-local", parts: ["type"], ours: /cannot include multiple operations on one item$/, theirs: /^TransactionCanceledException/ },
  { id: "transaction-key-reasons", peer: "dynamodb-local", parts: ["reasons"], when: keyReasons },
  { id: "update-before-checks", peer: "dynamodb-local", parts: ["message"], theirs: updateErrors, when: (d) => d.operation.name === "TransactWriteItems" },
  { id: "keys-before-checks", peer: "dynamodb-local", parts: ["message"], theirs: keyWords, when: (d) => /^Transact/.test(d.operation.name) },
  { id: "which-key", peer: "dynamodb-local", parts: ["message"], ours: /can only be specified when using expressions/, theirs: keyMisfit },
  { id: "keys-before-checks", peer: "dynamodb-local", parts: ["message"], ours: /ComparisonOperator|The BETWEEN condition was provided/, theirs: keyWords },
  { id: "duplicates-first", peer: "dynamodb-local", parts: ["message"], theirs: /list of item keys contains duplicates/ },
  { id: "index-key-in-updates", peer: "dynamodb-local", parts: ["outcome"], ours: /^ValidationException: One or more parameter values were invalid: Type mismatch for Index Key/, theirs: /^200$/ },
  { id: "start-key-bounds", peer: "dynamodb-local", parts: ["outcome", "message"], ours: /^ValidationException: /, theirs: /^200$|Exclusive start key must lie within the segment|Exclusive Start Key must have same size|^ValidationException: Type mismatch for attribute to update/, when: (d) => reads(d) && d.operation.request.ExclusiveStartKey !== undefined },
  { id: "legacy-order", peer: "dynamodb-local", parts: ["message"], ours: /(ADD|DELETE) action/, theirs: /The BETWEEN condition was provided|Type mismatch for attribute to update/ },
  { id: "which-key", peer: "dynamodb-local", parts: ["message"], ours: /^ValidationException: Key attributes must be scalars/, theirs: /^ValidationException: Key attributes must be scalars/ },
  { id: "empty-members", peer: "dynamodb-local", parts: ["outcome", "message"], theirs: /may not have a(n)? empty \w+ as a member|may not contain an? (null or )?empty/, when: (d) => d.operation.broken },
  { id: "update-before-checks", peer: "dynamodb-local", parts: ["type"], ours: /This attribute is part of the key$/, theirs: /^ConditionalCheckFailedException/ },
  { id: "which-key", peer: "dynamodb-local", parts: ["message"], ours: keyMisfit, theirs: keyMisfit },
  { id: "capacity-unasked", peer: "dynamodb-local", parts: ["capacity"], when: (d) => d.ours === undefined && (d.operation.request.ReturnConsumedCapacity ?? "NONE") === "NONE" },
  { id: "capacity-of-nothing", peer: "dynamodb-local", parts: ["capacity"], when: (d) => ["Query", "Scan", "GetItem", "BatchGetItem", "TransactGetItems"].includes(d.operation.name) },
  { id: "capacity-of-indexes", peer: "dynamodb-local", parts: ["capacity"], when: (d) => ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"].includes(d.operation.name) },
  { id: "update-order", peer: "dynamodb-local", parts: ["message", "reasons"], when: updateReasons },
  { id: "update-before-checks", peer: "dynamodb-local", parts: ["message", "type", "outcome"], ours: staticChecks, theirs: updateErrors },
  { id: "update-before-checks", peer: "dynamodb-local", parts: ["type"], ours: /^ConditionalCheckFailedException/, theirs: updateErrors },
  { id: "transaction-reasons", peer: "dynamodb-local", parts: ["type"], ours: /^TransactionCanceledException: .*ValidationError/, theirs: /^ValidationException: / },
  { id: "reason-words", peer: "dynamodb-local", parts: ["reasons"], when: (d) => JSON.stringify(d.ours.reasons.map((one) => one.Code)) === JSON.stringify(d.theirs.reasons?.map((one) => one.Code)) },
  { id: "no-item-on-failure", peer: "dynamodb-local", parts: ["item"], when: (d) => d.theirs.item === null },
  { id: "between-words", peer: "dynamodb-local", parts: ["message"], ours: /The BETWEEN operator requires/, theirs: /The BETWEEN operator requires/ },
  { id: "operand-order", peer: "dynamodb-local", parts: ["message"], ours: /^ValidationException: Invalid \w+Expression: /, theirs: /^ValidationException: Invalid \w+Expression: / },
  { id: "index-projection", peer: "dynamodb-local", ours: /^ValidationException: One or more parameter values were invalid: (Global secondary index gsi2? does not project|Select type ALL_ATTRIBUTES is not supported)/, theirs: /^200$|Secondary index gsi2? does not project/ },
  { id: "filter-projection", peer: "dynamodb-local", theirs: /^ValidationException: One or more parameter values were invalid: Secondary index \w+ does not project one or more filter attributes/ },
  { id: "filter-of-index-scan", peer: "dynamodb-local", parts: ["rest", "items"], when: (d) => d.operation.name === "Scan" && d.operation.request.IndexName !== undefined && (d.operation.request.FilterExpression ?? d.operation.request.ScanFilter) !== undefined },
  { id: "key-words", peer: "dynamodb-local", parts: ["message"], ours: /^ValidationException: (The provided key element does not match the schema|One or more parameter values were invalid: (Type mismatch for key|Missing the key))/, theirs: /^ValidationException: (Invalid attribute value type|The number of conditions on the keys is invalid|Type mismatch for attribute to update|One of the required keys was not given a value)/ },
  { id: "words-of-2020", peer: "dynamodb-local", parts: ["message"], when: (d) => words2020.some(([ours, theirs]) => ours.test(d.ours.message) && theirs.test(d.theirs.message)) },
  { id: "order-of-checks", peer: "dynamodb-local", parts: ["message"], ours: pageChecks, theirs: pageChecks, when: reads },
  { id: "legacy-order", peer: "dynamodb-local", parts: ["message"], ours: / action (with value )?is not supported for the type/, theirs: /The BETWEEN condition was provided|ComparisonOperator \w+ is not valid|must be provided when Exists|cannot be used|can only be used|of same type|Invalid number of argument/ },
  { id: "updated-paths", peer: "dynamodb-local", parts: ["rest"], when: (d) => /^UPDATED_/.test(d.operation.request.ReturnValues) && /\.|\[\d\]/.test(d.operation.request.UpdateExpression) },
  { id: "legacy-order", peer: "dynamodb-local", parts: ["type"], ours: /^ValidationException: One or more parameter values were invalid: ((ADD|DELETE) action|Only DELETE action)/, theirs: /^ConditionalCheckFailedException/ },
];

/** Whether `entry` explains the difference. */
function explains(entry, difference) {
  if (entry.parts && !entry.parts.includes(difference.part)) return false;
  const label = (side) => {
    const read = typeof side === "object" && side !== null ? side : undefined;
    if (!read) return "200";
    return read.ok ? "200" : `${read.type}: ${read.message}`;
  };
  if (entry.ours && !entry.ours.test(label(difference.ours))) return false;
  if (entry.theirs && !entry.theirs.test(label(difference.theirs))) return false;
  return entry.when ? entry.when(difference) : true;
}

/** The id of what explains a difference with a peer, or nothing. */
export function explanation(peer, difference) {
  return entries.find((entry) => entry.peer === peer && explains(entry, difference))?.id;
}
