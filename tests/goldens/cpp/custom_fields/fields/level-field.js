const { fields } = require("dynamo-bao");

/** A name of one of `levels`, stored as its number. */
class LevelField extends fields.IntegerFieldClass {
  toDy(value) {
    return this.options.levels[value];
  }
  fromDy(value) {
    return Object.keys(this.options.levels).find((name) => this.options.levels[name] === value);
  }
}

module.exports = { LevelField };
