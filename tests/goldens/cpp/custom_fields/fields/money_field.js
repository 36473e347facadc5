const { fields } = require("dynamo-bao");

class Money {
  constructor(cents) {
    this.cents = cents;
  }
}

/** An amount, stored as its cents. */
class MoneyFieldClass extends fields.IntegerFieldClass {
  toDy(value) {
    return value.cents;
  }
  fromDy(value) {
    return new Money(value);
  }
}

// A function, as generated code of the older package calls types.
const MoneyField = (options) => new MoneyFieldClass(options);

// Names alone: so an ES module can import each.
module.exports = { Money, MoneyField };
