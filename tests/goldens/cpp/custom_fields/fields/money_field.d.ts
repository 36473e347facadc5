import { fields } from "dynamo-bao";

export declare class Money {
  constructor(cents: number);
  readonly cents: number;
}
export declare class MoneyFieldClass extends fields.IntegerFieldClass {
  override toDy(value: Money): number;
  override fromDy(value: number): Money;
}
export declare function MoneyField(options?: object): MoneyFieldClass;
