#!/usr/bin/env node
import { baoLocal, main } from "../dist/tools/index.js";

await main(baoLocal);
