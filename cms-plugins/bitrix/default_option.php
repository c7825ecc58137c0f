<?php

$fiscalgate_cashbox_default_option = [
    'TRACK' => 'cashbox', 'FFD' => '1.2', 'TAX_SYSTEM' => '1', 'NO_VAT' => '6', 'DELIVERY_VAT' => '6', 'PREPAYMENT' => 'N',
    'KEEP_DATA' => 'Y',
];
