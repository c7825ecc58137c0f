<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Main\Entity\DataManager;
use Bitrix\Main\Entity\IntegerField;
use Bitrix\Main\Entity\StringField;
use Bitrix\Main\Entity\TextField;

/**
 * The table of operations. `install/index.php` makes it, with a unique index on NUMBER.
 */
final class OperationTable extends DataManager
{
    /** @return string */
    public static function getTableName()
    {
        return 'fiscalgate_cashbox_operation';
    }

    /** @return array<int, mixed> */
    public static function getMap()
    {
        return [
            new IntegerField('ID', ['primary' => true, 'autocomplete' => true]),
            new StringField('NUMBER', ['required' => true]),
            new StringField('KIND', ['required' => true]),
            new IntegerField('ORDER_ID'),
            new IntegerField('CASHBOX_ID'),
            new TextField('SUBMISSION'),
            new StringField('STATE'),
            new StringField('TASK_ID'),
            new StringField('RECEIPT_URL'),
            new TextField('MARK'),
            new TextField('ERROR'),
            new TextField('ADVICE'),
            new IntegerField('TRIES'),
            new IntegerField('DUE_AT'),
            new IntegerField('SEQ'),
            new StringField('WEBHOOK_ID'),
            new IntegerField('CREATED_AT'),
        ];
    }
}
