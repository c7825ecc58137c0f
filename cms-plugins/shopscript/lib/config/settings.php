<?php

$vat = array(
    array('value' => 0, 'title' => /*_wp*/('as in the shop')),
    array('value' => 6, 'title' => /*_wp*/('without VAT')),
    array('value' => 5, 'title' => '0 %'),
    array('value' => 7, 'title' => '5 %'),
    array('value' => 8, 'title' => '7 %'),
    array('value' => 2, 'title' => '10 %'),
    array('value' => 11, 'title' => '22 %'),
);

return array(
    'url'          => array(
        'title'        => /*_wp*/('Address of the gateway'),
        'description'  => /*_wp*/('With https, as its operator gave it to you.'),
        'placeholder'  => 'https://fiscalgate.example',
        'value'        => '',
        'control_type' => waHtmlControl::INPUT,
    ),
    'account'      => array(
        'title'        => /*_wp*/('Account of the shop'),
        'value'        => '',
        'control_type' => waHtmlControl::INPUT,
    ),
    'token'        => array(
        'title'        => /*_wp*/('Token of the register'),
        'value'        => '',
        'control_type' => waHtmlControl::PASSWORD,
    ),
    'code'         => array(
        'title'        => /*_wp*/('Integrity code'),
        'value'        => '',
        'control_type' => waHtmlControl::PASSWORD,
    ),
    'code_old'     => array(
        'title'        => /*_wp*/('Former integrity code'),
        'description'  => /*_wp*/('Only while the code is being changed: results signed with either are taken.'),
        'value'        => '',
        'control_type' => waHtmlControl::PASSWORD,
    ),
    'connection'   => array(
        'title'        => /*_wp*/('Connection'),
        'control_type' => waHtmlControl::CUSTOM,
        'callback'     => array('shopFiscalgatePlugin', 'connectionControl'),
    ),
    'ffd'          => array(
        'title'        => /*_wp*/('Version of fiscal documents'),
        'value'        => '1.2',
        'control_type' => waHtmlControl::SELECT,
        'options'      => array(
            array('value' => '1.2', 'title' => '1.2'),
            array('value' => '1.05', 'title' => '1.05'),
        ),
    ),
    'tax_system'   => array(
        'title'        => /*_wp*/('Tax system'),
        'value'        => 1,
        'control_type' => waHtmlControl::SELECT,
        'options'      => array(
            array('value' => 1, 'title' => /*_wp*/('General (OSN)')),
            array('value' => 2, 'title' => /*_wp*/('Simplified, income')),
            array('value' => 4, 'title' => /*_wp*/('Simplified, income minus expense')),
            array('value' => 16, 'title' => /*_wp*/('Agricultural')),
            array('value' => 32, 'title' => /*_wp*/('Patent')),
        ),
    ),
    'vat_goods'    => array(
        'title'        => /*_wp*/('VAT of goods'),
        'value'        => 0,
        'control_type' => waHtmlControl::SELECT,
        'options'      => $vat,
    ),
    'vat_delivery' => array(
        'title'        => /*_wp*/('VAT of delivery'),
        'value'        => 0,
        'control_type' => waHtmlControl::SELECT,
        'options'      => $vat,
    ),
    'vat_zero'     => array(
        'title'        => /*_wp*/('What 0 % in the shop means'),
        'description'  => /*_wp*/('Without VAT and 0 % are different rates on a receipt.'),
        'value'        => 6,
        'control_type' => waHtmlControl::SELECT,
        'options'      => array(
            array('value' => 6, 'title' => /*_wp*/('without VAT')),
            array('value' => 5, 'title' => '0 %'),
        ),
    ),
    'subject'      => array(
        'title'        => /*_wp*/('What is sold'),
        'value'        => 1,
        'control_type' => waHtmlControl::SELECT,
        'options'      => array(
            array('value' => 1, 'title' => /*_wp*/('Goods')),
            array('value' => 2, 'title' => /*_wp*/('Excisable goods')),
            array('value' => 3, 'title' => /*_wp*/('Work')),
            array('value' => 4, 'title' => /*_wp*/('Service')),
            array('value' => 9, 'title' => /*_wp*/('Intellectual property')),
        ),
    ),
    'method'       => array(
        'title'        => /*_wp*/('How it is settled'),
        'value'        => 4,
        'control_type' => waHtmlControl::SELECT,
        'options'      => array(
            array('value' => 4, 'title' => /*_wp*/('Full settlement')),
            array('value' => 1, 'title' => /*_wp*/('Full prepayment')),
        ),
    ),
    'payments'     => array(
        'title'            => /*_wp*/('Ways of paying that need a receipt'),
        'description'      => /*_wp*/('None chosen: all of them.'),
        'value'            => array(),
        'control_type'     => waHtmlControl::GROUPBOX,
        'options_callback' => array('shopFiscalgatePlugin', 'paymentOptions'),
    ),
    'cash_payments' => array(
        'title'            => /*_wp*/('Paid in cash'),
        'value'            => array(),
        'control_type'     => waHtmlControl::GROUPBOX,
        'options_callback' => array('shopFiscalgatePlugin', 'paymentOptions'),
    ),
    'since'        => array(
        'title'        => /*_wp*/('Only orders since'),
        'description'  => /*_wp*/('YYYY-MM-DD. Older orders get no receipt by themselves.'),
        'placeholder'  => '2026-01-31',
        'value'        => '',
        'control_type' => waHtmlControl::INPUT,
    ),
    'email'        => array(
        'title'        => /*_wp*/('E-mail for buyers without a contact'),
        'description'  => /*_wp*/('An electronic receipt must go somewhere.'),
        'value'        => '',
        'control_type' => waHtmlControl::INPUT,
    ),
    'internet'     => array(
        'title'        => /*_wp*/('Settlement on the internet (tag 1125)'),
        'value'        => 1,
        'control_type' => waHtmlControl::CHECKBOX,
    ),
    'prefix'       => array(
        'title'        => /*_wp*/('Prefix of order numbers'),
        'description'  => /*_wp*/('Where several shops share one account of the gateway.'),
        'value'        => '',
        'control_type' => waHtmlControl::INPUT,
    ),
    'drop_data'    => array(
        'title'        => /*_wp*/('Delete the data of receipts when the plugin is removed'),
        'description'  => /*_wp*/('Otherwise the table stays: the tax office may ask.'),
        'value'        => 0,
        'control_type' => waHtmlControl::CHECKBOX,
    ),
);
