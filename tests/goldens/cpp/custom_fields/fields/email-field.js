const { fields } = require("dynamo-bao");

/** Stored in lower case; only addresses of `domains` pass. */
class EmailField extends fields.StringFieldClass {
  validate(value, name) {
    const { domains } = this.options;
    if (typeof value !== "string" || !domains || domains.some((domain) => value.toLowerCase().endsWith("@" + domain))) return true;
    throw new RangeError(`${name}: ${value} is of no domain that we take`);
  }
  toDy(value) {
    return value.toLowerCase();
  }
}

module.exports = { EmailField };
