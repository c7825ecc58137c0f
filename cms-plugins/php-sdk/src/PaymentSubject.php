<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What is sold (tag 1212, признак предмета расчёта). 30 to 33 are marked goods and exist in FFD 1.2 only.
 */
final class PaymentSubject
{
    /** товар */
    public const GOODS = 1;
    /** подакцизный товар */
    public const EXCISABLE_GOODS = 2;
    /** работа */
    public const WORK = 3;
    /** услуга */
    public const SERVICE = 4;
    /** ставка азартной игры */
    public const GAMBLING_BET = 5;
    /** выигрыш азартной игры */
    public const GAMBLING_PRIZE = 6;
    /** лотерейный билет */
    public const LOTTERY_TICKET = 7;
    /** выигрыш лотереи */
    public const LOTTERY_PRIZE = 8;
    /** предоставление РИД */
    public const INTELLECTUAL = 9;
    /** платёж: аванс, предоплата, кредит */
    public const PAYMENT = 10;
    /** агентское вознаграждение */
    public const AGENT_FEE = 11;
    /** выплата */
    public const PAYOUT = 12;
    /** иной предмет расчёта */
    public const OTHER = 13;
    /** имущественное право */
    public const PROPERTY_RIGHT = 14;
    /** внереализационный доход */
    public const NON_OPERATING_INCOME = 15;
    /** иные платежи и взносы */
    public const OTHER_CONTRIBUTION = 16;
    /** торговый сбор */
    public const TRADE_FEE = 17;
    /** туристический налог */
    public const TOURIST_TAX = 18;
    /** залог */
    public const DEPOSIT = 19;
    /** расход */
    public const EXPENSE = 20;
    /** взносы на ОПС ИП */
    public const PENSION_CONTRIBUTION_SELF = 21;
    /** взносы на ОПС */
    public const PENSION_CONTRIBUTION = 22;
    /** взносы на ОМС ИП */
    public const MEDICAL_CONTRIBUTION_SELF = 23;
    /** взносы на ОМС */
    public const MEDICAL_CONTRIBUTION = 24;
    /** взносы на ОСС */
    public const SOCIAL_CONTRIBUTION = 25;
    /** платёж казино */
    public const CASINO_PAYMENT = 26;
    /** выдача денежных средств */
    public const CASH_WITHDRAWAL = 27;
    /** подакцизный маркируемый товар без кода */
    public const MARKED_EXCISABLE_WITHOUT_CODE = 30;
    /** подакцизный маркируемый товар с кодом */
    public const MARKED_EXCISABLE = 31;
    /** маркируемый товар без кода */
    public const MARKED_WITHOUT_CODE = 32;
    /** маркируемый товар с кодом */
    public const MARKED = 33;

    public const ALL = [
        self::GOODS, self::EXCISABLE_GOODS, self::WORK, self::SERVICE, self::GAMBLING_BET, self::GAMBLING_PRIZE,
        self::LOTTERY_TICKET, self::LOTTERY_PRIZE, self::INTELLECTUAL, self::PAYMENT, self::AGENT_FEE, self::PAYOUT,
        self::OTHER, self::PROPERTY_RIGHT, self::NON_OPERATING_INCOME, self::OTHER_CONTRIBUTION, self::TRADE_FEE,
        self::TOURIST_TAX, self::DEPOSIT, self::EXPENSE, self::PENSION_CONTRIBUTION_SELF, self::PENSION_CONTRIBUTION,
        self::MEDICAL_CONTRIBUTION_SELF, self::MEDICAL_CONTRIBUTION, self::SOCIAL_CONTRIBUTION, self::CASINO_PAYMENT,
        self::CASH_WITHDRAWAL, self::MARKED_EXCISABLE_WITHOUT_CODE, self::MARKED_EXCISABLE, self::MARKED_WITHOUT_CODE,
        self::MARKED,
    ];

    private function __construct()
    {
    }

    /** Whether an item of this subject carries a marking code. */
    public static function hasMarkingCode(int $subject): bool
    {
        return $subject === self::MARKED || $subject === self::MARKED_EXCISABLE;
    }
}
