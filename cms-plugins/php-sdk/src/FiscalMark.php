<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What the register answered for a printed receipt.
 */
final class FiscalMark
{
    private string $drive;
    private int $document;
    private string $sign;
    private string $time;
    private int $shift;
    private int $receipt;
    private string $register;
    private string $total;
    private int $type;

    private function __construct(Map $map)
    {
        $this->drive = $map->text('fn_1041');
        $this->document = $map->int('fd_1040');
        $this->sign = $map->text('fpd_1077');
        $this->time = $map->text('dateTime_1012');
        $this->shift = $map->int('shift_1038');
        $this->receipt = $map->int('receiptNumber_1042');
        $this->register = $map->text('regNumber_1037');
        $this->total = self::totalOf($map->get('total_1020'));
        $this->type = max(1, $map->int('receiptType_1054'));
    }

    /**
     * For people and the QR code only: nobody counts with it.
     *
     * @param mixed $total
     */
    private static function totalOf($total): string
    {
        if (is_string($total)) {
            return preg_match('/^\d+\.\d\d$/D', $total) === 1 ? $total : '';
        }
        return is_float($total) || is_int($total) ? number_format((float) $total, 2, '.', '') : '';
    }

    /**
     * @param mixed $data
     * @return self|null null if there is no whole mark
     */
    public static function from($data): ?self
    {
        $mark = new self(new Map(is_array($data) ? $data : []));
        return $mark->drive === '' || $mark->document === 0 || $mark->sign === '' ? null : $mark;
    }

    /** ФН, tag 1041. */
    public function getDrive(): string
    {
        return $this->drive;
    }

    /** ФД, tag 1040. */
    public function getDocument(): int
    {
        return $this->document;
    }

    /** ФПД, tag 1077. */
    public function getSign(): string
    {
        return $this->sign;
    }

    /** Tag 1012, the register's local time: "2026-11-21T13:15:00". */
    public function getTime(): string
    {
        return $this->time;
    }

    public function getShift(): int
    {
        return $this->shift;
    }

    /** The number within the shift, tag 1042. */
    public function getReceiptNumber(): int
    {
        return $this->receipt;
    }

    /** Tag 1037. */
    public function getRegister(): string
    {
        return $this->register;
    }

    /** The text of the QR code on the receipt, by which a buyer can check it; "" if time or sum are not known. */
    public function getQr(): string
    {
        if ($this->time === '' || $this->total === '') {
            return '';
        }
        $time = str_replace(['-', ':'], '', substr($this->time, 0, 16));
        return sprintf(
            't=%s&s=%s&fn=%s&i=%d&fp=%s&n=%d',
            $time,
            $this->total,
            $this->drive,
            $this->document,
            $this->sign,
            $this->type
        );
    }

    /** @return array<string, string|int> for a plugin's storage; `from` reads it */
    public function toArray(): array
    {
        return ['fn_1041' => $this->drive, 'fd_1040' => $this->document, 'fpd_1077' => $this->sign,
            'dateTime_1012' => $this->time, 'shift_1038' => $this->shift, 'receiptNumber_1042' => $this->receipt,
            'regNumber_1037' => $this->register, 'total_1020' => $this->total, 'receiptType_1054' => $this->type];
    }
}
