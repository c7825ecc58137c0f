<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What makes a receipt a correction: of which day's settlement, and by whose order.
 */
final class Correction
{
    private int $type;
    private string $date;
    private string $number;

    private function __construct(int $type, string $date, string $number)
    {
        $this->type = $type;
        $this->date = Day::check($date, 'correction.date');
        $this->number = $number;
    }

    /**
     * The shop found it by itself.
     *
     * @param string $date of the settlement that is corrected, DD.MM.YYYY
     */
    public static function own(string $date, string $number = ''): self
    {
        return new self(CorrectionType::OWN, $date, Text::optional($number, 32, 'correction.number'));
    }

    /** The tax office ordered it, by an order of this number. */
    public static function byOrder(string $date, string $number): self
    {
        return new self(CorrectionType::BY_ORDER, $date, Text::required($number, 32, 'correction.number'));
    }

    /** @return array<string, mixed> what stands in the receipt */
    public function toData(): array
    {
        $basis = ['date_1178' => $this->date];
        if ($this->number !== '') {
            $basis['documentNumber_1179'] = $this->number;
        }
        return ['correctionType_1173' => $this->type, 'correctionBasis_1174' => $basis];
    }
}
