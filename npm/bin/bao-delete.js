#!/usr/bin/env node
import { baoDelete, main } from "../dist/tools/index.js";

await main(baoDelete);
