#!/usr/bin/env node
import { baoCodegen, main } from "../dist/tools/index.js";

await main(baoCodegen);
