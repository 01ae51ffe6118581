"""Transfers to users, complaints and pay after service by the PyPI package wechatpayv3.

Prints one line per step; see wechatpayv3_merchant.py. `COMPLAIN <out_trade_no>` has the payer of an order complain.
"""

import hashlib
import os
import sys

from wechatpayv3_merchant import ask, day, notification, notify_url, pay, stamp, step

OPENID = "o-MYE42l80oelYMDE34nYD456Xoy"
SERVICE = "2002000000000558128851361561536"

# An order brings the money that is transferred.
number = "PS-PAID-" + stamp
step("create", *pay.pay(description="Tea", out_trade_no=number, amount={"total": 99000}), 200)
ask("PAY", number)
assert notification("TRANSACTION.SUCCESS")["out_trade_no"] == number

# Transfers: one is confirmed and has a receipt, the other is cancelled.
report = [{"info_type": "活动名称", "info_content": "新会员有礼"}]


def transfer(bill):
    created = step("transfer", *pay.mch_transfer_bills(
        out_bill_no=bill, transfer_scene_id="1000", openid=OPENID, transfer_amount=400, transfer_remark="有礼",
        user_name="张三", transfer_scene_report_infos=report), 200)
    assert created["state"] == "WAIT_USER_CONFIRM" and created["package_info"], created
    return created["transfer_bill_no"]


bill = "PS" + stamp
transfer_id = transfer(bill)
assert transfer(bill) == transfer_id, "the same number is the same transfer"
ask("PASS", 10)
told = notification("MCHTRANSFER.BILL.FINISHED")
assert (told["out_bill_no"], told["state"], told["transfer_amount"]) == (bill, "SUCCESS", 400), told
queried = step("transfer query", *pay.mch_transfer_bills_query(out_bill_no=bill), 200)
assert queried["state"] == "SUCCESS" and pay.decrypt(queried["user_name"]) == "张三", queried
assert step("transfer query", *pay.mch_transfer_bills_query(transfer_bill_no=transfer_id), 200)["out_bill_no"] == bill
step("receipt", *pay.mch_transfer_elecsign(out_bill_no=bill), 200)
ask("PASS", 10)
receipt = step("receipt query", *pay.mch_transfer_elecsign_query(out_bill_no=bill), 200)
assert receipt["state"] == "FINISHED", receipt
code, content = pay.download_bill(receipt["download_url"])
assert code == 200 and receipt["hash_type"] == "SHA256", receipt
assert hashlib.sha256(content).hexdigest() == receipt["hash_value"], receipt
cancelled = "PS" + stamp + "C"
transfer(cancelled)
assert step("transfer cancel", *pay.mch_transfer_bills_cancel(cancelled), 200)["state"] == "CANCELING"
ask("PASS", 10)
assert notification("MCHTRANSFER.BILL.FINISHED")["state"] == "CANCELLED"

# A complaint: told, read, answered, completed.
assert step("complaint url", *pay.complaint_notification_create(notify_url), 200)["url"] == notify_url
assert step("complaint url", *pay.complaint_notification_query(), 200)["url"] == notify_url
ask("COMPLAIN", number)
complaint_id = notification("COMPLAINT.CREATE")["complaint_id"]
listed = step("complaints", *pay.complaint_list_query(begin_date=day, end_date=day), 200)
assert [entry["complaint_id"] for entry in listed["data"]] == [complaint_id], listed
detail = step("complaint", *pay.complaint_detail_query(complaint_id), 200)
assert detail["complaint_order_info"][0]["out_trade_no"] == number, detail
step("complaint reply", *pay.complaint_response(complaint_id, "已与用户沟通解决"), 204)
step("complaint complete", *pay.complaint_complete(complaint_id), 204)
for _ in range(2):
    notification("COMPLAINT.STATE_CHANGE")
history = step("complaint history", *pay.complaint_history_query(complaint_id), 200)
assert any(entry.get("operate_details") == "已与用户沟通解决" for entry in history["data"]), history
assert step("complaint", *pay.complaint_detail_query(complaint_id), 200)["complaint_state"] == "PROCESSED"
step("complaint url", *pay.complaint_notification_update(notify_url + "/2"), 200)
step("complaint url", *pay.complaint_notification_delete(), 204)

# Pay after service: confirmed, completed, paid; another one is cancelled.
service = "PS-SERVICE-" + stamp


def serve(number):
    return step("service", *pay.payscore_create(
        out_order_no=number, service_id=SERVICE, service_introduction="某某充电宝", time_range={"start_time": "OnAccept"},
        risk_fund={"name": "DEPOSIT", "amount": 9900}), 200)


assert serve(service)["state"] == "CREATED"
ask("PASS", 10)
assert notification("PAYSCORE.USER_CONFIRM")["out_order_no"] == service
items = [{"name": "租借费用", "amount": 400}]
completed = step("service complete", *pay.payscore_complete(
    out_order_no=service, service_id=SERVICE, post_payments=items, total_amount=400), 200)
assert completed["state_description"] == "MCH_COMPLETE", completed
ask("PASS", 10)
paid = notification("PAYSCORE.USER_PAID")
assert paid["collection"]["paid_amount"] == 400, paid
assert step("service query", *pay.payscore_query(SERVICE, out_order_no=service), 200)["state"] == "DONE"
serve(service + "-2")
step("service cancel", *pay.payscore_cancel(service + "-2", SERVICE, "用户离开"), 200)
permission = step("permission", *pay.payscore_permission(SERVICE, "AUTH" + stamp), 200)
assert permission["apply_permissions_token"], permission
ask("PASS", 10)
assert notification("PAYSCORE.USER_OPEN_SERVICE")["authorization_code"] == "AUTH" + stamp
sys.exit(os.EX_OK)
