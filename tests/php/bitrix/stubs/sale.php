<?php

// STUBS: orders, as the module reads them.

declare(strict_types=1);

namespace Bitrix\Sale {
    class Result extends \Bitrix\Main\Result
    {
    }

    final class Bag
    {
        /** @var array<string, mixed> */
        public array $fields;

        /** @param array<string, mixed> $fields */
        public function __construct(array $fields)
        {
            $this->fields = $fields;
        }

        /** @return mixed */
        public function getField(string $name)
        {
            return $this->fields[$name] ?? null;
        }

        /** @return mixed */
        public function getValue()
        {
            return $this->fields['VALUE'] ?? null;
        }

        public function getTimestamp(): int
        {
            return $this->fields['TIMESTAMP'];
        }

        public function getUserEmail(): ?self
        {
            return isset($this->fields['EMAIL']) ? new self(['VALUE' => $this->fields['EMAIL']]) : null;
        }

        public function getPhone(): ?self
        {
            return isset($this->fields['PHONE']) ? new self(['VALUE' => $this->fields['PHONE']]) : null;
        }
    }

    final class BasketItem
    {
        /** @var array<string, mixed> */
        private array $fields;

        /** @param array<string, mixed> $fields */
        public function __construct(array $fields)
        {
            $this->fields = $fields;
        }

        /** @return mixed */
        public function getField(string $name)
        {
            return $this->fields[$name] ?? null;
        }

        public function getQuantity(): float
        {
            return (float) $this->fields['QUANTITY'];
        }

        public function getPriceWithVat(): float
        {
            return (float) $this->fields['PRICE'];
        }

        public function getFinalPrice(): float
        {
            return (float) ($this->fields['SUM'] ?? round($this->fields['PRICE'] * $this->fields['QUANTITY'], 2));
        }

        /** @return float|null */
        public function getVatRate()
        {
            return $this->fields['VAT_RATE'] ?? null;
        }
    }

    class Payment
    {
        /** @var array<string, mixed> */
        public array $fields;
        public ?Order $order = null;

        /** @param array<string, mixed> $fields */
        public function __construct(array $fields)
        {
            $this->fields = $fields + ['PAID' => 'Y', 'IS_RETURN' => 'N', 'INNER' => false, 'IS_CASH' => 'N', 'SYSTEM' => 1];
        }

        public function getId(): int
        {
            return $this->fields['ID'];
        }

        public function getSum(): float
        {
            return (float) $this->fields['SUM'];
        }

        public function isPaid(): bool
        {
            return $this->fields['PAID'] === 'Y';
        }

        public function isInner(): bool
        {
            return $this->fields['INNER'];
        }

        public function getPaymentSystemId(): int
        {
            return $this->fields['SYSTEM'];
        }

        public function getPaySystem(): Bag
        {
            return new Bag(['IS_CASH' => $this->fields['IS_CASH']]);
        }

        /** @return mixed */
        public function getField(string $name)
        {
            return $this->fields[$name] ?? null;
        }

        public function getOrder(): ?Order
        {
            return $this->order;
        }
    }

    /** @extends \ArrayObject<int, Payment> */
    final class PaymentCollection extends \ArrayObject
    {
        public function getItemById(int $id): ?Payment
        {
            foreach ($this as $payment) {
                if ($payment->getId() === $id) {
                    return $payment;
                }
            }
            return null;
        }
    }

    class Order
    {
        /** @var array<int, Order> */
        public static array $all = [];
        /** @var array<string, mixed> */
        public array $fields;
        /** @var BasketItem[] */
        public array $basket;
        public PaymentCollection $payments;

        /**
         * @param array<string, mixed> $fields
         * @param BasketItem[] $basket
         * @param Payment[] $payments
         */
        public function __construct(array $fields, array $basket, array $payments)
        {
            $this->fields = $fields + ['ID' => 1237, 'PAID' => 'Y', 'CANCELED' => 'N', 'DELIVERY' => 0, 'STATUS_ID' => 'N',
                'EMAIL' => 'buyer@example.ru', 'TIMESTAMP' => 1790000000];
            $this->basket = $basket;
            $this->payments = new PaymentCollection($payments);
            foreach ($payments as $payment) {
                $payment->order = $this;
            }
            self::$all[$this->fields['ID']] = $this;
        }

        public static function load(int $id): ?self
        {
            return self::$all[$id] ?? null;
        }

        public function getId(): int
        {
            return $this->fields['ID'];
        }

        public function getPrice(): float
        {
            $sum = (float) $this->fields['DELIVERY'];
            foreach ($this->basket as $item) {
                $sum += $item->getFinalPrice();
            }
            return (float) ($this->fields['PRICE'] ?? round($sum, 2));
        }

        public function getDeliveryPrice(): float
        {
            return (float) $this->fields['DELIVERY'];
        }

        public function isPaid(): bool
        {
            return $this->fields['PAID'] === 'Y';
        }

        public function isCanceled(): bool
        {
            return $this->fields['CANCELED'] === 'Y';
        }

        /** @return mixed */
        public function getField(string $name)
        {
            return $this->fields[$name] ?? null;
        }

        public function getDateInsert(): Bag
        {
            return new Bag(['TIMESTAMP' => $this->fields['TIMESTAMP']]);
        }

        /** @return BasketItem[] */
        public function getBasket(): array
        {
            return $this->basket;
        }

        public function getPaymentCollection(): PaymentCollection
        {
            return $this->payments;
        }

        public function getPropertyCollection(): Bag
        {
            return new Bag($this->fields);
        }
    }
}
