#!/usr/bin/env node
import { baoInit, main } from "../dist/tools/index.js";

await main(baoInit);
