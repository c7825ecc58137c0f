<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * What is counted (tag 2108, FFD 1.2).
 */
final class Unit
{
    /** шт. */
    public const PIECE = 0;
    /** г */
    public const GRAM = 10;
    /** кг */
    public const KILOGRAM = 11;
    /** т */
    public const TONNE = 12;
    /** см */
    public const CENTIMETRE = 20;
    /** дм */
    public const DECIMETRE = 21;
    /** м */
    public const METRE = 22;
    /** кв. см */
    public const SQUARE_CENTIMETRE = 30;
    /** кв. дм */
    public const SQUARE_DECIMETRE = 31;
    /** кв. м */
    public const SQUARE_METRE = 32;
    /** мл */
    public const MILLILITRE = 40;
    /** л */
    public const LITRE = 41;
    /** куб. м */
    public const CUBIC_METRE = 42;
    /** кВт·ч */
    public const KILOWATT_HOUR = 50;
    /** Гкал */
    public const GIGACALORIE = 51;
    /** сутки */
    public const DAY = 70;
    /** час */
    public const HOUR = 71;
    /** мин */
    public const MINUTE = 72;
    /** с */
    public const SECOND = 73;
    /** Кбайт */
    public const KILOBYTE = 80;
    /** Мбайт */
    public const MEGABYTE = 81;
    /** Гбайт */
    public const GIGABYTE = 82;
    /** Тбайт */
    public const TERABYTE = 83;
    /** иная мера */
    public const OTHER = 255;

    public const ALL = [
        self::PIECE, self::GRAM, self::KILOGRAM, self::TONNE, self::CENTIMETRE, self::DECIMETRE, self::METRE,
        self::SQUARE_CENTIMETRE, self::SQUARE_DECIMETRE, self::SQUARE_METRE, self::MILLILITRE, self::LITRE,
        self::CUBIC_METRE, self::KILOWATT_HOUR, self::GIGACALORIE, self::DAY, self::HOUR, self::MINUTE, self::SECOND,
        self::KILOBYTE, self::MEGABYTE, self::GIGABYTE, self::TERABYTE, self::OTHER,
    ];

    private function __construct()
    {
    }
}
