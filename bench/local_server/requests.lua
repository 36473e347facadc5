-- The requests of one operation for wrk: wrk -s requests.lua URL -- OPERATION
local items = 10000
local operation
local counter = 0
local headers = {
  ["Content-Type"] = "application/x-amz-json-1.0",
  ["X-Amz-Date"] = "20260101T000000Z",
  ["Authorization"] = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-west-2/dynamodb/aws4_request, "
    .. "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0000000000000000000000000000000000000000000000000000000000000000",
}
not_ok = 0

local function id(number)
  return string.format("item%05d", number % items)
end

local function item(number, version)
  return string.format(
    '{"p":{"S":"%s"},"name":{"S":"Ada Lovelace"},"email":{"S":"ada%d@example.com"},"age":{"N":"36"},"active":{"BOOL":true},'
      .. '"createdAt":{"N":"1767225600123"},"text":{"S":"%s"},"g":{"S":"group%d"},"r":{"N":"%d"}}',
    id(number), number % items, string.rep("x", 64), version % 100, version)
end

local function key(number)
  return '{"p":{"S":"' .. id(number) .. '"}}'
end

-- Writes come back to an item after 5,000 requests, then with another version: its index keys change each time.
local writes = 5000
local function written(n, offset)
  return item(n % writes * 7919 + offset, n + math.floor(n / writes))
end

local bodies = {
  GetItem = function(n) return '{"TableName":"bench","Key":' .. key(n * 7919) .. "}" end,
  PutItem = function(n) return '{"TableName":"bench","Item":' .. written(n, 0) .. "}" end,
  Query = function(n)
    return '{"TableName":"bench","IndexName":"byGroup","Limit":20,"KeyConditionExpression":"g = :g",'
      .. '"ExpressionAttributeValues":{":g":{"S":"group' .. n % 100 .. '"}}}'
  end,
  BatchGetItem = function(n)
    local keys = {}
    for i = 1, 100 do keys[i] = key(n * 100 + i) end
    return '{"RequestItems":{"bench":{"Keys":[' .. table.concat(keys, ",") .. "]}}}"
  end,
  TransactWriteItems = function(n)
    return '{"TransactItems":[{"Put":{"TableName":"bench","Item":' .. written(n, 0)
      .. '}},{"Put":{"TableName":"bench","Item":' .. written(n, 1) .. "}}]}"
  end,
}

local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

-- Requests are made before the run: making them would take longer than answering them.
local ready = {}
function init(arguments)
  operation = arguments[1]
  headers["X-Amz-Target"] = "DynamoDB_20120810." .. operation
  for n = 1, operation == "BatchGetItem" and 100 or 2 * writes do
    ready[n] = wrk.format("POST", "/", headers, bodies[operation](n))
  end
end

function request()
  counter = counter % #ready + 1
  return ready[counter]
end

function done(summary, latency)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d\n", summary.requests, summary.duration, bad))
end
